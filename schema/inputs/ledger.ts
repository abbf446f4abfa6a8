import { Field, ID, InputType } from 'type-graphql';
import { z } from 'zod';
import { accountIdSchema, moneyIdSchema } from '../caip';
import { AccountIdScalar, MoneyIdScalar } from '../scalars';
import { AccountKind, EntryKind } from '../types/ledger';
import { projectGlobalIdSchema, saleGlobalIdSchema } from './ids';

@InputType({ description: 'Narrows `ledgerAccounts`; all given fields must match.' })
export class LedgerAccountFilterInput {
  @Field(() => AccountKind, { nullable: true }) kind?: AccountKind | null;
  @Field(() => AccountIdScalar, { nullable: true }) payee?: string | null;
  @Field(() => ID, { nullable: true }) projectId?: string | null;
  @Field(() => MoneyIdScalar, { nullable: true }) asset?: string | null;
}

export const ledgerAccountFilterSchema = z
  .strictObject({
    kind: z.enum(AccountKind).nullish(),
    payee: accountIdSchema.nullish(),
    projectId: projectGlobalIdSchema.nullish(),
    asset: moneyIdSchema.nullish(),
  })
  .nullish()
  .refine(
    (filter) => filter?.payee == null || filter.projectId == null,
    'an account is a payee’s or a project’s',
  );

@InputType({ description: 'Narrows `ledgerEntries`; all given fields must match.' })
export class LedgerEntryFilterInput {
  @Field(() => ID, { nullable: true }) projectId?: string | null;
  @Field(() => ID, { nullable: true, description: 'Only what tells of this sale.' }) saleId?: string | null;
  @Field(() => EntryKind, { nullable: true }) kind?: EntryKind | null;
}

export const ledgerEntryFilterSchema = z
  .strictObject({
    projectId: projectGlobalIdSchema.nullish(),
    saleId: saleGlobalIdSchema.nullish(),
    kind: z.enum(EntryKind).nullish(),
  })
  .nullish();

@InputType({ description: 'Whose royalties, and of which time.' })
export class RoyaltyStatementInput {
  @Field(() => ID, { nullable: true, description: 'Of one project; all if left out.' })
  projectId?: string | null;
  @Field(() => AccountIdScalar, {
    nullable: true,
    description: 'Of the entries that credit this payee, such as an artist; all if left out.',
  })
  payee?: string | null;
  @Field(() => Date, { description: 'By block time, from then on …' }) from: Date;
  @Field(() => Date, { description: '… and before then.' }) to: Date;
}

export const royaltyStatementSchema = z
  .strictObject({
    projectId: projectGlobalIdSchema.nullish(),
    payee: accountIdSchema.nullish(),
    from: z.date(),
    to: z.date(),
  })
  .refine(({ from, to }) => from < to, { path: ['to'], message: 'must be after `from`' });

export type LedgerAccountFilter = z.output<typeof ledgerAccountFilterSchema>;
export type LedgerEntryFilter = z.output<typeof ledgerEntryFilterSchema>;
export type RoyaltyStatementOrder = z.output<typeof royaltyStatementSchema>;
