import { Field, ObjectType } from 'type-graphql';
import type { ChainId } from '../caip';
import { ChainIdScalar } from '../scalars';

@ObjectType({ description: 'The most that the tenant’s transactions may cost on a chain.' })
export class FeeLimit {
  @Field(() => ChainIdScalar) chainId: ChainId;
  @Field(() => String, { nullable: true, description: 'Per unit of gas, in wei; null for no limit.' })
  maxFeePerGasWei: string | null;
  @Field(() => String, {
    nullable: true,
    description:
      'Of one transaction, gas at its worst and the bridge’s fee together, in wei; null for no limit.',
  })
  maxTotalFeeWei: string | null;
}
