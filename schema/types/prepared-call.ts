import { Field, ObjectType } from 'type-graphql';
import type { AccountId, ChainId } from '../caip';
import { AccountIdScalar, ChainIdScalar } from '../scalars';

@ObjectType({
  description:
    'A call that is ready to be sent, by a Safe’s transaction builder for one. What counts is that the chain shows its effect, whoever sent it.',
})
export class PreparedCall {
  @Field(() => ChainIdScalar) chainId: ChainId;
  @Field(() => AccountIdScalar, { description: 'Whom the contracts take it from.' }) from: AccountId;
  @Field(() => String, { description: 'The contract to call.' }) to: string;
  @Field(() => String, { description: 'Calldata.' }) data: string;
  @Field(() => String, { description: 'Money to be sent along, in wei.' }) valueWei: string;
}
