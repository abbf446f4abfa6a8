import { Field, Int, ObjectType } from 'type-graphql';
import type { ChainId } from '../caip';
import { ChainIdScalar, JsonScalar } from '../scalars';
import { connectionType } from './connection';

@ObjectType({ description: 'The log that proves an event.' })
export class ChainEvidence {
  @Field(() => ChainIdScalar) chainId: ChainId;
  @Field(() => String) blockNumber: string;
  @Field(() => String) blockHash: string;
  @Field(() => String) transactionHash: string;
  @Field(() => Int) logIndex: number;
}

@ObjectType({
  description:
    'An entry of a work’s history. Final entries are hash-linked and never change; provisional ones may still vanish.',
})
export class ProvenanceEvent {
  @Field(() => String, { description: 'e.g. `WorkMinted`, `WorkDeparted`, `WorkArrived`, `Transferred`.' })
  kind: string;
  @Field(() => Int, {
    nullable: true,
    description: 'Place in the hash chain, from 1; null while provisional.',
  })
  sequence: number | null;
  @Field(() => String, {
    nullable: true,
    description: 'SHA-256 over the RFC 8785 form of this entry, previousHash included.',
  })
  hash: string | null;
  @Field(() => String, { nullable: true }) previousHash: string | null;
  @Field(() => Boolean) provisional: boolean;
  @Field(() => JsonScalar, { description: 'The facts of the event.' }) facts: unknown;
  @Field(() => ChainEvidence, { nullable: true }) evidence: ChainEvidence | null;
}

export const ProvenanceConnection = connectionType(ProvenanceEvent, 'ProvenanceEvent');
