import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { ChainId } from '../caip';
import { ChainIdScalar } from '../scalars';

/** The two bridge protocols that carry statements. */
export const TransportKind = { CCIP: 'CCIP', LAYERZERO: 'LAYERZERO' } as const;
export type TransportKind = (typeof TransportKind)[keyof typeof TransportKind];
registerEnumType(TransportKind, { name: 'TransportKind', description: 'A bridge protocol.' });

/** By which bridges a statement travels: one of them, or both, which must then bring the same. */
export const StatementTransport = { ...TransportKind, BOTH: 'BOTH' } as const;
export type StatementTransport = (typeof StatementTransport)[keyof typeof StatementTransport];
registerEnumType(StatementTransport, {
  name: 'StatementTransport',
  description: 'The bridge that carries a statement; or BOTH, which must then bring the same.',
});

/** The bridges that a statement travels by. */
export function bridgesOf(transport: StatementTransport): readonly TransportKind[] {
  return transport === StatementTransport.BOTH ? Object.values(TransportKind) : [transport];
}

@ObjectType({ description: 'A network that this deployment knows, and how well it can be seen.' })
export class Chain {
  @Field(() => ChainIdScalar) chainId: ChainId;
  @Field(() => String) name: string;
  @Field(() => String, {
    nullable: true,
    description: 'Height up to which events are recorded; null before the first block.',
  })
  headBlock: string | null;
  @Field(() => String, { nullable: true, description: 'Height up to which they are final.' })
  finalBlock: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'Why finality is held or an endpoint distrusted; null when all is well.',
  })
  alert: string | null;
}

@ObjectType({ description: 'A way for statements of one registry: source, destination and bridge.' })
export class Lane {
  @Field(() => ChainIdScalar) sourceChainId: ChainId;
  @Field(() => ChainIdScalar) destinationChainId: ChainId;
  @Field(() => TransportKind) transport: TransportKind;
  @Field(() => Boolean, { description: 'True after the round-trip handshake.' }) open: boolean;
  @Field(() => Boolean, { description: 'True while nothing but voids may leave on it.' }) paused: boolean;
  @Field(() => Int, { description: 'Deliveries that the median below was observed over.' })
  observedDeliveries: number;
  @Field(() => Float, {
    nullable: true,
    description: 'Median time from sending to delivery, in seconds; null before the first delivery.',
  })
  deliverySecondsP50: number | null;
}
