import { Field, Int, ObjectType } from 'type-graphql';
import { JsonScalar } from '../scalars';
import { connectionType } from './connection';

@ObjectType({
  description:
    'A mutation that had an effect: who asked for it, and by which request. It commits together with that effect.',
})
export class AuditEntry {
  @Field(() => Int, { description: 'Place in the tenant’s log, from 1.' }) sequence: number;
  @Field(() => String, { description: 'ISO 8601 in UTC, with microseconds.' }) at: string;
  @Field(() => String, { description: 'The mutation, e.g. `sendWork`.' }) operation: string;
  @Field(() => String, { description: 'Id of the API key that asked for it.' }) actor: string;
  @Field(() => [String], { description: 'What that key might do then.' }) scopes: string[];
  @Field(() => String, { description: 'As the answer’s `X-Request-Id` header.' }) requestId: string;
  @Field(() => String, {
    description:
      'SHA-256 over the RFC 8785 form of the mutation’s arguments, e.g. of `{"input":{…}}`, without passwords, secrets, private keys and invitations.',
  })
  inputHash: string;
  @Field(() => String, { description: 'Hash of the entry before; 64 zeros for the first.' })
  previousHash: string;
  @Field(() => JsonScalar, {
    nullable: true,
    description:
      'What the change stands on beside the key: `ownerConsent` has owner, typed data and signature of a consent, `artistConsent` wallet, typed data and signature.',
  })
  evidence: unknown;
  @Field(() => String, {
    description:
      'SHA-256 over the RFC 8785 form of this entry’s other fields, `previousHash` included, `evidence` only if it is not null.',
  })
  hash: string;
}

export const AuditConnection = connectionType(AuditEntry, 'AuditEntry');
