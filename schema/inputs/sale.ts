import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { z } from 'zod';
import { accountIdSchema, chainIdSchema, moneyIdSchema } from '../caip';
import { paymentIdSchema } from '../ids';
import { AccountIdScalar, ChainIdScalar, MoneyIdScalar } from '../scalars';
import { SaleState, SaleVenue, Verdict } from '../types/sale';
import { projectGlobalIdSchema, saleGlobalIdSchema, workGlobalIdSchema } from './ids';

@InputType({ description: 'Narrows `sales`; all given fields must match.' })
export class SaleFilterInput {
  @Field(() => ID, { nullable: true }) projectId?: string | null;
  @Field(() => ID, { nullable: true }) workId?: string | null;
  @Field(() => ChainIdScalar, { nullable: true }) chainId?: string | null;
  @Field(() => SaleState, { nullable: true }) state?: SaleState | null;
  @Field(() => Verdict, { nullable: true }) verdict?: Verdict | null;
  @Field(() => SaleVenue, { nullable: true }) venue?: SaleVenue | null;
  @Field(() => MoneyIdScalar, { nullable: true }) asset?: string | null;
  @Field(() => AccountIdScalar, { nullable: true }) seller?: string | null;
  @Field(() => AccountIdScalar, { nullable: true }) buyer?: string | null;
}

export const saleFilterSchema = z
  .strictObject({
    projectId: projectGlobalIdSchema.nullish(),
    workId: workGlobalIdSchema.nullish(),
    chainId: chainIdSchema.nullish(),
    state: z.enum(SaleState).nullish(),
    verdict: z.enum(Verdict).nullish(),
    venue: z.enum(SaleVenue).nullish(),
    asset: moneyIdSchema.nullish(),
    seller: accountIdSchema.nullish(),
    buyer: accountIdSchema.nullish(),
  })
  .nullish();

export type SaleFilter = z.output<typeof saleFilterSchema>;

@ArgsType()
export class MarketArgs {
  @Field(() => ID, { nullable: true, description: 'Of a project …' }) projectId?: string | null;
  @Field(() => ID, { nullable: true, description: '… or of a work.' }) workId?: string | null;
}

export const marketSchema = z
  .strictObject({ projectId: projectGlobalIdSchema.nullish(), workId: workGlobalIdSchema.nullish() })
  .transform(({ projectId, workId }, context) => {
    if (projectId != null && workId == null) return { projectId };
    if (workId != null && projectId == null) return { workId };
    context.addIssue({ code: 'custom', message: 'name a project or a work' });
    return z.NEVER;
  });

@InputType({ description: 'Narrows `suspendedPayments`; all given fields must match.' })
export class SuspendedPaymentFilterInput {
  @Field(() => ID, { nullable: true }) projectId?: string | null;
  @Field(() => MoneyIdScalar, { nullable: true }) asset?: string | null;
}

@InputType({ description: 'Tells which sale a payment in suspense was for.' })
export class AttributePaymentInput {
  @Field(() => ID) paymentId: string;
  @Field(() => ID) saleId: string;
  @Field(() => String, {
    nullable: true,
    description: 'Of the payment; without it, all that is in suspense.',
  })
  amount?: string | null;
  @Field(() => String, {
    nullable: true,
    description:
      'What it settles of what the sale did not pay in time, in base units of the sale’s asset. Without it: as much as came, in the same asset; nothing, in another one, as nothing is converted.',
  })
  settles?: string | null;
  @Field(() => String, { description: 'Why; it stays on record.' }) reason: string;
}

@InputType({ description: 'Puts what was attributed back into suspense.' })
export class WithdrawAttributionInput {
  @Field(() => ID) paymentId: string;
  @Field(() => ID) saleId: string;
}

const baseUnitsSchema = z.string().regex(/^(0|[1-9]\d{0,76})$/, 'must be a whole number of base units');

export const suspendedPaymentFilterSchema = z
  .strictObject({ projectId: projectGlobalIdSchema.nullish(), asset: moneyIdSchema.nullish() })
  .nullish();
export const withdrawAttributionSchema = z.strictObject({
  paymentId: paymentIdSchema,
  saleId: saleGlobalIdSchema,
});
export const attributePaymentSchema = withdrawAttributionSchema.extend({
  amount: baseUnitsSchema.transform(BigInt).nullish(),
  settles: baseUnitsSchema.transform(BigInt).nullish(),
  reason: z.string().trim().min(1).max(500),
});

export type SuspendedPaymentFilter = z.output<typeof suspendedPaymentFilterSchema>;
export type AttributePayment = z.output<typeof attributePaymentSchema>;
export type WithdrawAttribution = z.output<typeof withdrawAttributionSchema>;
