import { Field, InputType } from 'type-graphql';
import { z } from 'zod';
import { type ChainId, chainIdSchema } from '../caip';
import { ChainIdScalar } from '../scalars';

@InputType({ description: 'Replaces both limits of a chain; what is absent is not limited.' })
export class SetFeeLimitInput {
  @Field(() => ChainIdScalar) chainId: ChainId;
  @Field(() => String, { nullable: true, description: 'Per unit of gas, in wei.' })
  maxFeePerGasWei?: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'Of one transaction, gas at its worst and the bridge’s fee together, in wei.',
  })
  maxTotalFeeWei?: string | null;
}

const weiSchema = z
  .string()
  .regex(/^[1-9]\d{0,77}$/, 'must be a number of wei above 0')
  .nullish()
  .transform((value) => value ?? null);

export const setFeeLimitSchema = z.strictObject({
  chainId: chainIdSchema,
  maxFeePerGasWei: weiSchema,
  maxTotalFeeWei: weiSchema,
});

export type SetFeeLimit = z.output<typeof setFeeLimitSchema>;
