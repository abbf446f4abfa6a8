import { Field, ObjectType } from 'type-graphql';
import type { ChainId } from '../caip';
import { ChainIdScalar } from '../scalars';

@ObjectType({ description: 'RPC endpoints of the tenant’s own, for what it sends on a chain.' })
export class RpcEndpoints {
  @Field(() => ChainIdScalar) chainId: ChainId;
  @Field(() => [String], { description: 'Their hosts, in the order of trying; URLs are not shown.' })
  hosts: string[];
  @Field(() => Boolean, {
    description: 'Whether the deployment’s endpoints are asked when none of these serves the chain.',
  })
  fallback: boolean;
  @Field(() => String, {
    nullable: true,
    description:
      'How all of them last failed, `RPC_UNAVAILABLE` or `RPC_WRONG_CHAIN`; null if not since they were set.',
  })
  lastErrorCode: string | null;
  @Field(() => Date, { nullable: true, description: 'When that was, to half a minute.' })
  lastErrorAt: Date | null;
}
