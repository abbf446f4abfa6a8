import { Field, ObjectType } from 'type-graphql';
import type { AccountId } from '../../schema/caip';
import { AccountIdScalar } from '../../schema/scalars';
import { SigningKey } from '../../schema/types/signing-key';

@ObjectType({ description: 'A key that was just brought.' })
export class SigningKeyPayload {
  @Field(() => SigningKey) signingKey: SigningKey;
}

@ObjectType()
export class UseSigningKeyPayload {
  @Field(() => SigningKey, { nullable: true, description: 'Null for the key that the platform made.' })
  signingKey: SigningKey | null;
  @Field(() => [AccountIdScalar], {
    description: 'The accounts that send from now on, on the chains asked for: keep them funded.',
  })
  accounts: AccountId[];
}
