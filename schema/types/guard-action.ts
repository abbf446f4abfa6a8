import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { ChainId } from '../caip';
import type { DispatchId, GuardActionId, RegistryId, WorkId } from '../ids';
import { ChainIdScalar } from '../scalars';
import { TransportKind } from './chain';
import { connectionType } from './connection';
import { Dispatch } from './dispatch';
import { Node } from './node';
import { Registry } from './registry';
import { Work } from './work';

/** What a registry's guardian or owner can do to lanes, works, statements and chains. */
export const GuardActionKind = {
  PAUSE_LANE: 'PAUSE_LANE',
  RESUME_LANE: 'RESUME_LANE',
  FREEZE_WORK: 'FREEZE_WORK',
  UNFREEZE_WORK: 'UNFREEZE_WORK',
  HOLD_STATEMENT: 'HOLD_STATEMENT',
  RELEASE_STATEMENT: 'RELEASE_STATEMENT',
  VOID_MESSAGE: 'VOID_MESSAGE',
  RETIRE_CHAIN: 'RETIRE_CHAIN',
  SET_LIMIT: 'SET_LIMIT',
  /** done by the platform itself: compares who has an adopted token with who should */
  CHECK_ESCROW: 'CHECK_ESCROW',
} as const;
export type GuardActionKind = (typeof GuardActionKind)[keyof typeof GuardActionKind];
registerEnumType(GuardActionKind, { name: 'GuardActionKind' });

/** `DONE` once the chain has it for good; `FAILED` says why it never will. */
export const GuardActionState = { REQUESTED: 'REQUESTED', DONE: 'DONE', FAILED: 'FAILED' } as const;
export type GuardActionState = (typeof GuardActionState)[keyof typeof GuardActionState];
registerEnumType(GuardActionState, { name: 'GuardActionState' });

@ObjectType({ description: 'How many works may pass between two chains, one way.' })
export class TravelLimit {
  @Field(() => Int, { description: 'At once.' }) capacity: number;
  @Field(() => Int, { description: 'Refilled in 24 hours.' }) perDay: number;
  @Field(() => Boolean, { description: 'Of what comes from the peer; otherwise of what leaves for it.' })
  inbound: boolean;
}

@ObjectType('GuardAction', {
  implements: Node,
  description: 'Something done to a lane, a work, a statement or a chain, with the reason that was given.',
})
export class GuardAction extends Node {
  declare id: GuardActionId;
  registryId: RegistryId;
  workId: WorkId | null;
  dispatchId: DispatchId | null;
  @Field(() => GuardActionKind) kind: GuardActionKind;
  @Field(() => GuardActionState) state: GuardActionState;
  @Field(() => String, { description: 'Why it was asked for.' }) reason: string;
  @Field(() => ChainIdScalar, { description: 'Where it is done.' }) chainId: ChainId;
  @Field(() => ChainIdScalar, {
    nullable: true,
    description: 'For lanes and limits: the other chain. For retirements: the chain that is given up.',
  })
  peerChainId: ChainId | null;
  @Field(() => TransportKind, { nullable: true, description: 'For lanes: by which bridge.' })
  transport: TransportKind | null;
  @Field(() => Int, { nullable: true, description: 'For holds: for how long.' }) holdSeconds: number | null;
  @Field(() => String, {
    nullable: true,
    description: 'For retirements: root of the Merkle tree of last owners, once it is fixed.',
  })
  ownersRoot: `0x${string}` | null;
  @Field(() => TravelLimit, { nullable: true, description: 'For limits: what is set.' })
  limit: TravelLimit | null;
  @Field(() => String, { nullable: true, description: 'What it waits for, e.g. `the delay, until 2026-…`.' })
  waitingFor: string | null;
  @Field(() => String, { nullable: true, description: 'Why it failed.' }) failure: string | null;
  @Field(() => Date) createdAt: Date;
  @Field(() => Registry) registry?: Registry;
  @Field(() => Work, { nullable: true }) work?: Work | null;
  @Field(() => Dispatch, { nullable: true }) dispatch?: Dispatch | null;
}

export const GuardActionConnection = connectionType(GuardAction, 'GuardAction');
