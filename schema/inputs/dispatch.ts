import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { z } from 'zod';
import { accountIdSchema, chainIdSchema } from '../caip';
import { AccountIdScalar, ChainIdScalar } from '../scalars';
import { StatementTransport } from '../types/chain';
import { DispatchKind, DispatchOrigin, DispatchState, LaneChoice } from '../types/dispatch';
import { dispatchGlobalIdSchema, registryGlobalIdSchema, workGlobalIdSchema } from './ids';
import { signatureSchema } from './signature';

@InputType({ description: 'A holder’s EIP-712 permit, as `prepareSendWork` returned it to be signed.' })
export class PermitInput {
  @Field(() => StatementTransport) transport: StatementTransport;
  @Field(() => String, { description: 'Unix time in seconds.' }) deadline: string;
  @Field(() => String, { description: 'EIP-712 signature, or EIP-1271 for a contract wallet.' })
  signature: string;
}

@InputType()
export class PrepareSendWorkInput {
  @Field(() => ID) workId: string;
  @Field(() => ChainIdScalar) destinationChainId: string;
  @Field(() => AccountIdScalar, {
    nullable: true,
    description: 'Who holds it there; the same address as here when absent.',
  })
  to?: string | null;
  @Field(() => LaneChoice, { defaultValue: LaneChoice.CHEAPEST }) lane: LaneChoice;
}

@InputType()
export class SendWorkInput extends PrepareSendWorkInput {
  @Field(() => PermitInput, { nullable: true, description: 'Needed when a collector holds the work.' })
  permit?: PermitInput | null;
}

const permitSchema = z.strictObject({
  transport: z.enum(StatementTransport),
  deadline: z
    .string()
    .regex(/^\d{1,12}$/, 'must be Unix time in seconds')
    .transform((value) => BigInt(value)),
  signature: signatureSchema,
});

const sendShape = {
  workId: workGlobalIdSchema,
  destinationChainId: chainIdSchema,
  to: accountIdSchema.nullish(),
  lane: z.enum(LaneChoice),
};

export const prepareSendWorkSchema = z.strictObject(sendShape);
export const sendWorkSchema = z.strictObject({ ...sendShape, permit: permitSchema.nullish() });
export const retryDispatchSchema = z.strictObject({ dispatchId: dispatchGlobalIdSchema });

export type PrepareSendWork = z.output<typeof prepareSendWorkSchema>;
export type SendWork = z.output<typeof sendWorkSchema>;
export type Permit = z.output<typeof permitSchema>;

@InputType()
export class RetryDispatchInput {
  @Field(() => ID) dispatchId: string;
}

@InputType({ description: 'Narrows `dispatches`; all given fields must match.' })
export class DispatchFilterInput {
  @Field(() => ID, { nullable: true }) workId?: string | null;
  @Field(() => ID, { nullable: true }) registryId?: string | null;
  @Field(() => DispatchState, { nullable: true }) state?: DispatchState | null;
  @Field(() => DispatchKind, { nullable: true }) kind?: DispatchKind | null;
  @Field(() => DispatchOrigin, { nullable: true }) origin?: DispatchOrigin | null;
  @Field(() => StatementTransport, { nullable: true }) transport?: StatementTransport | null;
  @Field(() => ChainIdScalar, { nullable: true }) sourceChainId?: string | null;
  @Field(() => ChainIdScalar, { nullable: true }) destinationChainId?: string | null;
}

export const dispatchFilterSchema = z
  .strictObject({
    workId: workGlobalIdSchema.nullish(),
    registryId: registryGlobalIdSchema.nullish(),
    state: z.enum(DispatchState).nullish(),
    kind: z.enum(DispatchKind).nullish(),
    origin: z.enum(DispatchOrigin).nullish(),
    transport: z.enum(StatementTransport).nullish(),
    sourceChainId: chainIdSchema.nullish(),
    destinationChainId: chainIdSchema.nullish(),
  })
  .nullish();

export type DispatchFilter = z.output<typeof dispatchFilterSchema>;

@ArgsType()
export class DispatchUpdatedArgs {
  @Field(() => ID, { nullable: true, description: 'This one dispatch …' }) dispatchId?: string | null;
  @Field(() => ID, { nullable: true, description: '… or every dispatch of this work.' }) workId?:
    | string
    | null;
}

/** Which dispatches a subscription follows: one, or all of one work. */
export const dispatchUpdatedSchema = z
  .strictObject({ dispatchId: dispatchGlobalIdSchema.nullish(), workId: workGlobalIdSchema.nullish() })
  .transform(({ dispatchId, workId }, context) => {
    if (dispatchId != null && workId == null) return { dispatchId };
    if (workId != null && dispatchId == null) return { workId };
    context.addIssue({ code: 'custom', message: 'name either dispatchId or workId' });
    return z.NEVER;
  });
