import { Field, InputType } from 'type-graphql';
import { z } from 'zod';
import { type ChainId, chainIdSchema } from '../caip';
import { ChainIdScalar } from '../scalars';
import { isStorable, UNSTORABLE_MESSAGE } from './text';

@InputType({ description: 'Replaces the tenant’s RPC endpoints of a chain.' })
export class SetRpcEndpointsInput {
  @Field(() => ChainIdScalar) chainId: ChainId;
  @Field(() => [String], {
    description: 'One to three URLs, https only. Kept sealed; no more than their hosts is ever shown.',
  })
  urls: string[];
  @Field(() => Boolean, {
    defaultValue: true,
    description: 'Asks the deployment’s endpoints when none of these serves the chain.',
  })
  fallback: boolean;
}

const urlSchema = z.string().min(1).max(2_000).refine(isStorable, UNSTORABLE_MESSAGE);

export const setRpcEndpointsSchema = z.strictObject({
  chainId: chainIdSchema,
  urls: z
    .array(urlSchema)
    .min(1)
    .max(3)
    .transform((urls) => [...new Set(urls)]),
  fallback: z.boolean(),
});

export type SetRpcEndpoints = z.output<typeof setRpcEndpointsSchema>;
