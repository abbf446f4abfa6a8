import { Field, ID, InputType, Int } from 'type-graphql';
import { z } from 'zod';
import { chainIdSchema } from '../caip';
import { ChainIdScalar } from '../scalars';
import { TransportKind } from '../types/chain';
import { GuardActionKind, GuardActionState } from '../types/guard-action';
import { dispatchGlobalIdSchema, registryGlobalIdSchema, workGlobalIdSchema } from './ids';
import { limitSchema } from './registry';
import { nameSchema } from './text';

/** The contracts' longest hold: 72 hours, in seconds. */
const MAX_HOLD_SECONDS = 259_200;

@InputType()
export class GateLaneInput {
  @Field(() => ID) registryId: string;
  @Field(() => ChainIdScalar) sourceChainId: string;
  @Field(() => ChainIdScalar) destinationChainId: string;
  @Field(() => TransportKind) transport: TransportKind;
  @Field(() => String, { description: 'Why; kept with the action.' }) reason: string;
}

@InputType()
export class SetTravelLimitInput {
  @Field(() => ID) registryId: string;
  @Field(() => ChainIdScalar) sourceChainId: string;
  @Field(() => ChainIdScalar) destinationChainId: string;
  @Field(() => Int, { description: 'At once, 1 to 1,000,000,000.' }) capacity: number;
  @Field(() => Int, { description: 'Refilled in 24 hours, 1 to 1,000,000,000.' }) perDay: number;
  @Field(() => String, { description: 'Why; kept with the actions.' }) reason: string;
}

@InputType()
export class FreezeWorkInput {
  @Field(() => ID) workId: string;
  @Field(() => String, { description: 'Why; kept with the action.' }) reason: string;
}

@InputType()
export class RetireChainInput {
  @Field(() => ID) registryId: string;
  @Field(() => ChainIdScalar, { description: 'A mirror of the registry.' }) chainId: string;
  @Field(() => String, { description: 'Why; kept with the action.' }) reason: string;
}

@InputType()
export class StatementInput {
  @Field(() => ID, { description: 'The dispatch whose statement it is.' }) dispatchId: string;
  @Field(() => String, { description: 'Why; kept with the action.' }) reason: string;
}

@InputType()
export class HoldStatementInput extends StatementInput {
  @Field(() => Int, { description: 'For how long, in seconds: 1 to 259200 (72 hours).' }) seconds: number;
}

const reasonSchema = nameSchema(500);
const statementShape = { dispatchId: dispatchGlobalIdSchema, reason: reasonSchema };

export const gateLaneSchema = z.strictObject({
  registryId: registryGlobalIdSchema,
  sourceChainId: chainIdSchema,
  destinationChainId: chainIdSchema,
  transport: z.enum(TransportKind),
  reason: reasonSchema,
});
export const setTravelLimitSchema = z.strictObject({
  registryId: registryGlobalIdSchema,
  sourceChainId: chainIdSchema,
  destinationChainId: chainIdSchema,
  capacity: limitSchema,
  perDay: limitSchema,
  reason: reasonSchema,
});
export const freezeWorkSchema = z.strictObject({ workId: workGlobalIdSchema, reason: reasonSchema });
export const retireChainSchema = z.strictObject({
  registryId: registryGlobalIdSchema,
  chainId: chainIdSchema,
  reason: reasonSchema,
});
export const statementSchema = z.strictObject(statementShape);
export const holdStatementSchema = z.strictObject({
  ...statementShape,
  seconds: z.int().min(1).max(MAX_HOLD_SECONDS),
});

export type GateLane = z.output<typeof gateLaneSchema>;
export type SetTravelLimit = z.output<typeof setTravelLimitSchema>;
export type FreezeWork = z.output<typeof freezeWorkSchema>;
export type RetireChain = z.output<typeof retireChainSchema>;
export type StatementRequest = z.output<typeof statementSchema>;
export type HoldStatement = z.output<typeof holdStatementSchema>;

@InputType({ description: 'Narrows `guardActions`; all given fields must match.' })
export class GuardActionFilterInput {
  @Field(() => ID, { nullable: true }) registryId?: string | null;
  @Field(() => ID, { nullable: true }) workId?: string | null;
  @Field(() => ID, { nullable: true }) dispatchId?: string | null;
  @Field(() => GuardActionKind, { nullable: true }) kind?: GuardActionKind | null;
  @Field(() => GuardActionState, { nullable: true }) state?: GuardActionState | null;
}

export const guardActionFilterSchema = z
  .strictObject({
    registryId: registryGlobalIdSchema.nullish(),
    workId: workGlobalIdSchema.nullish(),
    dispatchId: dispatchGlobalIdSchema.nullish(),
    kind: z.enum(GuardActionKind).nullish(),
    state: z.enum(GuardActionState).nullish(),
  })
  .nullish();

export type GuardActionFilter = z.output<typeof guardActionFilterSchema>;
