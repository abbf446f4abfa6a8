import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { AccountId, ChainId } from '../caip';
import type { DispatchId, RegistryId, WorkId } from '../ids';
import { AccountIdScalar, ChainIdScalar } from '../scalars';
import { StatementTransport, TransportKind } from './chain';
import { connectionType } from './connection';
import { Node } from './node';
import { Registry } from './registry';
import { Work } from './work';

/** The path of a dispatch; see docs/concepts.md. */
export const DispatchState = {
  REQUESTED: 'REQUESTED',
  SUBMITTED: 'SUBMITTED',
  SENT: 'SENT',
  SOURCE_FINAL: 'SOURCE_FINAL',
  DELIVERED: 'DELIVERED',
  CONFIRMED: 'CONFIRMED',
  HELD: 'HELD',
  FAILED: 'FAILED',
  VOIDED: 'VOIDED',
} as const;
export type DispatchState = (typeof DispatchState)[keyof typeof DispatchState];
registerEnumType(DispatchState, { name: 'DispatchState' });

/** What a dispatch carries: a work, or a statement of a work's revision. */
export const DispatchKind = { WORK: 'WORK', STATE: 'STATE' } as const;
export type DispatchKind = (typeof DispatchKind)[keyof typeof DispatchKind];
registerEnumType(DispatchKind, { name: 'DispatchKind' });

/** Who began it on chain. */
export const DispatchOrigin = { PLATFORM: 'PLATFORM', PERMIT: 'PERMIT', HOLDER: 'HOLDER' } as const;
export type DispatchOrigin = (typeof DispatchOrigin)[keyof typeof DispatchOrigin];
registerEnumType(DispatchOrigin, { name: 'DispatchOrigin' });

/** How the lane of a dispatch is chosen. */
export const LaneChoice = {
  CHEAPEST: 'CHEAPEST',
  FASTEST: 'FASTEST',
  CCIP: 'CCIP',
  LAYERZERO: 'LAYERZERO',
  BOTH: 'BOTH',
} as const;
export type LaneChoice = (typeof LaneChoice)[keyof typeof LaneChoice];
registerEnumType(LaneChoice, {
  name: 'LaneChoice',
  description:
    'CHEAPEST compares quotes; FASTEST compares observed median deliveries; or one bridge by name; or BOTH, which must bring the same.',
});

@ObjectType({ description: 'Why a dispatch is held or failed, and what to do.' })
export class DispatchFailure {
  @Field(() => String, { description: 'A stable error code.' }) code: string;
  @Field(() => String) reason: string;
  @Field(() => String, { description: 'The way on.' }) nextStep: string;
  @Field(() => String, { nullable: true, description: 'For INSUFFICIENT_FUNDS: what is missing, in wei.' })
  missingWei: string | null;
}

@ObjectType({ description: 'What carries a statement on one bridge.' })
export class BridgeMessage {
  @Field(() => TransportKind) transport: TransportKind;
  @Field(() => String, { description: 'CCIP message id or LayerZero guid.' }) messageId: string;
}

@ObjectType('Dispatch', {
  implements: Node,
  description: 'The durable intent to send one statement, from request to confirmed effect.',
})
export class Dispatch extends Node {
  declare id: DispatchId;
  workId: WorkId;
  registryId: RegistryId;
  @Field(() => DispatchKind) kind: DispatchKind;
  @Field(() => DispatchState) state: DispatchState;
  @Field(() => DispatchOrigin) origin: DispatchOrigin;
  @Field(() => ChainIdScalar) sourceChainId: ChainId;
  @Field(() => ChainIdScalar) destinationChainId: ChainId;
  @Field(() => LaneChoice) laneChoice: LaneChoice;
  @Field(() => StatementTransport, {
    nullable: true,
    description: 'The bridge that carries it, or both; null before one is chosen.',
  })
  transport: StatementTransport | null;
  @Field(() => AccountIdScalar, { nullable: true, description: 'Who holds the work on arrival.' })
  to: AccountId | null;
  @Field(() => Int, { nullable: true, description: 'The move’s number, for a work.' }) hop: number | null;
  @Field(() => Int, { nullable: true, description: 'The stated revision, for a state.' }) revision:
    | number
    | null;
  @Field(() => String, {
    nullable: true,
    description: 'What the bridge was paid, in wei of the source chain.',
  })
  feeWei: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'Digest of the statement: the same whichever bridge carries it.',
  })
  digest: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'CCIP message id or LayerZero guid; CCIP’s when both carry it.',
  })
  messageId: string | null;
  @Field(() => [BridgeMessage], { description: 'One by each bridge that carries it.' })
  messages: BridgeMessage[];
  @Field(() => String, { nullable: true }) sourceTransactionHash: string | null;
  @Field(() => String, { nullable: true }) destinationTransactionHash: string | null;
  @Field(() => DispatchFailure, { nullable: true }) failure: DispatchFailure | null;
  @Field(() => String, {
    nullable: true,
    description: 'What it waits for, e.g. `verification by CCIP since …`.',
  })
  waitingFor: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'Raised when it waits longer than its lane usually takes.',
  })
  alert: string | null;
  @Field(() => Date) createdAt: Date;
  @Field(() => Date, { description: 'When the state last changed.' }) stateSince: Date;
  @Field(() => Work) work?: Work;
  @Field(() => Registry) registry?: Registry;
}

export const DispatchConnection = connectionType(Dispatch, 'Dispatch');

@ObjectType({ description: 'A call that a wallet makes first.' })
export class WalletCall {
  @Field(() => String, { description: 'The contract to call.' }) to: string;
  @Field(() => String, { description: 'Calldata.' }) data: string;
}

@ObjectType({
  description:
    'What the holder’s wallet signs: either the transaction itself, or a permit with which the platform sends it.',
})
export class PreparedSend {
  @Field(() => ChainIdScalar, { description: 'Where to send the transaction.' }) chainId: ChainId;
  @Field(() => StatementTransport) transport: StatementTransport;
  @Field(() => String, { description: 'The contract to call.' }) to: string;
  @Field(() => String, { description: 'Calldata.' }) data: string;
  @Field(() => String, { description: 'The bridge’s fee, in wei, to be sent along; any excess comes back.' })
  valueWei: string;
  @Field(() => String, { description: 'EIP-712 typed data (JSON) of the permit, for eth_signTypedData_v4.' })
  permitTypedData: string;
  @Field(() => String, { description: 'Unix time, in seconds, until which the permit holds.' })
  permitDeadline: string;
  @Field(() => WalletCall, {
    nullable: true,
    description:
      'For an adopted work that leaves home: the holder has to let the adapter take the token into escrow before. Null if nothing is missing.',
  })
  escrowApproval: WalletCall | null;
}
