import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import { z } from 'zod';
import { accountIdSchema, chainIdSchema, moneyIdSchema } from '../caip';
import { AccountIdScalar, ChainIdScalar, MoneyIdScalar } from '../scalars';
import { LaneChoice } from '../types/dispatch';
import { SettlementState } from '../types/settlement';
import { registryGlobalIdSchema, settlementGlobalIdSchema } from './ids';
import { nameSchema } from './text';

@InputType({ description: 'Which credits to settle; what is absent does not narrow them.' })
export class RequestSettlementInput {
  @Field(() => ID) registryId: string;
  @Field(() => AccountIdScalar, { nullable: true, description: 'One payee only.' }) payee?: string | null;
  @Field(() => ChainIdScalar, { nullable: true, description: 'Money of one chain only.' })
  sourceChainId?: string | null;
  @Field(() => String, {
    nullable: true,
    description:
      'One asset only, by CAIP-19. Without it: native money, and every asset that has a rule, as anyone may pay in tokens of no worth.',
  })
  asset?: string | null;
  @Field(() => LaneChoice, {
    nullable: true,
    description: 'How a bridge is chosen where one is needed: CHEAPEST unless told otherwise; not BOTH.',
  })
  lane?: LaneChoice | null;
}

@InputType()
export class ApproveSettlementInput {
  @Field(() => ID) settlementId: string;
  @Field(() => String, {
    description: 'The amount that is approved, as the settlement shows it: another one is refused.',
  })
  amount: string;
}

@InputType({ description: 'Replaces the rule of an asset.' })
export class SetSettlementRuleInput {
  @Field(() => String, { description: 'CAIP-19, on the chain where it is settled from.' }) asset: string;
  @Field(() => String, { nullable: true, description: 'Amounts above it need two people. Base units.' })
  approvalAbove?: string | null;
  @Field(() => Int, { description: 'The bridge’s share of the amount at most: 0 to 10000.' })
  maxCostBps: number;
  @Field(() => Boolean, { description: 'What costs more waits; otherwise two people are asked.' })
  waitAboveCap: boolean;
  @Field(() => String, { description: 'So much of the asset, in base units, is worth `valuedWei`.' })
  valuedAmount: string;
  @Field(() => String, { description: 'See `valuedAmount`; wei of the asset’s chain.' }) valuedWei: string;
  @Field(() => String, { nullable: true, description: 'Less than that is not settled. Base units.' })
  minAmount?: string | null;
  @Field(() => Int, {
    nullable: true,
    description: 'Has it settled by itself so often, in hours: 1 to 8760. First so long after now.',
  })
  everyHours?: number | null;
}

@InputType()
export class CancelSettlementInput {
  @Field(() => ID) settlementId: string;
}

@InputType({ description: 'Names the OFT (or OFT adapter) that moves a token over LayerZero.' })
export class SetRemittanceOftInput {
  @Field(() => ID) registryId: string;
  @Field(() => MoneyIdScalar, { description: 'The ERC-20, on a chain of the registry.' }) asset: string;
  @Field(() => AccountIdScalar, { description: 'The OFT on that chain; its `token()` is the asset.' })
  oft: string;
  @Field(() => String, { description: 'Why; kept with the action.' }) reason: string;
}

@InputType({ description: 'Narrows `settlements`; all given fields must match.' })
export class SettlementFilterInput {
  @Field(() => ID, { nullable: true }) registryId?: string | null;
  @Field(() => SettlementState, { nullable: true }) state?: SettlementState | null;
  @Field(() => ChainIdScalar, { nullable: true }) sourceChainId?: string | null;
  @Field(() => ChainIdScalar, { nullable: true }) destinationChainId?: string | null;
}

@ArgsType()
export class SettlementUpdatedArgs {
  @Field(() => ID) settlementId: string;
}

const positiveSchema = z.string().regex(/^[1-9]\d{0,76}$/, 'must be a whole number above 0');
const amountSchema = z.string().regex(/^(0|[1-9]\d{0,76})$/, 'must be a whole number of base units');

export const requestSettlementSchema = z.strictObject({
  registryId: registryGlobalIdSchema,
  payee: accountIdSchema.nullish(),
  sourceChainId: chainIdSchema.nullish(),
  asset: moneyIdSchema.nullish(),
  lane: z
    .enum(LaneChoice)
    .exclude(['BOTH'], 'money takes one bridge')
    .nullish()
    .transform((value) => value ?? LaneChoice.CHEAPEST),
});
export const approveSettlementSchema = z.strictObject({
  settlementId: settlementGlobalIdSchema,
  amount: amountSchema,
});
export const setSettlementRuleSchema = z.strictObject({
  asset: moneyIdSchema,
  approvalAbove: amountSchema.nullish().transform((value) => value ?? null),
  maxCostBps: z.int().min(0).max(10_000),
  waitAboveCap: z.boolean(),
  valuedAmount: positiveSchema,
  valuedWei: positiveSchema,
  minAmount: positiveSchema.nullish().transform((value) => value ?? null),
  everyHours: z
    .int()
    .min(1)
    .max(8_760)
    .nullish()
    .transform((value) => value ?? null),
});
export const cancelSettlementSchema = z.strictObject({ settlementId: settlementGlobalIdSchema });
export const setRemittanceOftSchema = z.strictObject({
  registryId: registryGlobalIdSchema,
  asset: moneyIdSchema.refine((asset) => asset.includes('/erc20:'), 'must be an ERC-20'),
  oft: accountIdSchema,
  reason: nameSchema(500),
});
export const settlementFilterSchema = z
  .strictObject({
    registryId: registryGlobalIdSchema.nullish(),
    state: z.enum(SettlementState).nullish(),
    sourceChainId: chainIdSchema.nullish(),
    destinationChainId: chainIdSchema.nullish(),
  })
  .nullish();
export const settlementUpdatedSchema = z.strictObject({ settlementId: settlementGlobalIdSchema });

export type RequestSettlement = z.output<typeof requestSettlementSchema>;
export type ApproveSettlement = z.output<typeof approveSettlementSchema>;
export type CancelSettlement = z.output<typeof cancelSettlementSchema>;
export type SetSettlementRule = z.output<typeof setSettlementRuleSchema>;
export type SetRemittanceOft = z.output<typeof setRemittanceOftSchema>;
export type SettlementFilter = z.output<typeof settlementFilterSchema>;
