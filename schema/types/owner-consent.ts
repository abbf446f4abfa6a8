import { Field, ObjectType } from 'type-graphql';
import type { AccountId } from '../caip';
import { AccountIdScalar } from '../scalars';

@ObjectType({ description: 'A change that a registry’s owner can consent to, once.' })
export class PreparedConsent {
  @Field(() => AccountIdScalar, { description: 'Who signs: a key, or a contract by EIP-1271 or ERC-6492.' })
  owner: AccountId;
  @Field(() => String, { description: 'Goes back with the signature.' }) nonce: string;
  @Field(() => String, { description: 'Unix time in seconds; goes back with the signature.' })
  deadline: string;
  @Field(() => String, { description: 'EIP-712 typed data (JSON), for eth_signTypedData_v4.' })
  typedData: string;
}
