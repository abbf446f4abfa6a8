import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { z } from 'zod';
import { accountIdSchema, chainIdSchema, moneyIdSchema } from '../caip';
import { AccountIdScalar, ChainIdScalar, MoneyIdScalar } from '../scalars';
import { SaleState, SaleVenue, Verdict } from '../types/sale';
import { projectGlobalIdSchema, workGlobalIdSchema } from './ids';

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
