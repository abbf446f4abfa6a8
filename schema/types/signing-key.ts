import { Field, ObjectType, registerEnumType } from 'type-graphql';
import type { ChainId } from '../caip';
import type { SigningKeyId } from '../ids';
import { ChainIdScalar } from '../scalars';
import { connectionType } from './connection';
import { Node } from './node';

/** Where a signing key is that a tenant has brought. */
export const SigningKeyKind = { IMPORTED: 'IMPORTED', KMS: 'KMS' } as const;
export type SigningKeyKind = (typeof SigningKeyKind)[keyof typeof SigningKeyKind];
registerEnumType(SigningKeyKind, {
  name: 'SigningKeyKind',
  description: 'Where a signing key is: IMPORTED into the platform’s keystore, or in AWS KMS.',
});

@ObjectType('SigningKey', {
  implements: Node,
  description: 'A key that the tenant has brought to sign its transactions. The key itself is never shown.',
})
export class SigningKey extends Node {
  declare id: SigningKeyId;
  @Field(() => SigningKeyKind) kind: SigningKeyKind;
  @Field(() => String) label: string;
  @Field(() => String, { description: 'The address of its account, the same on every EVM chain.' })
  address: `0x${string}`;
  @Field(() => String, { nullable: true, description: 'The alias in AWS KMS by which the key is asked for.' })
  kmsKeyArn: string | null;
  @Field(() => [ChainIdScalar], { description: 'The chains on which it sends what is new.' })
  chainIds: ChainId[];
  @Field(() => Date) createdAt: Date;
}

export const SigningKeyConnection = connectionType(SigningKey, 'SigningKey');
