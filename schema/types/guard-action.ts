import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Hex } from 'viem';
import type { AccountId, ChainId, EvmAddress, MoneyId } from '../caip';
import type { DispatchId, GuardActionId, RegistryId, WorkId } from '../ids';
import { AccountIdScalar, ChainIdScalar, MoneyIdScalar } from '../scalars';
import { TransportKind } from './chain';
import { connectionType } from './connection';
import { Dispatch } from './dispatch';
import { Node } from './node';
import { PreparedCall } from './prepared-call';
import { Registry } from './registry';
import { Work } from './work';

/** What is done to lanes, works, statements, chains, roles, licences and royalties of a registry. */
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
  SET_ROLE: 'SET_ROLE',
  OFFER_LICENCE: 'OFFER_LICENCE',
  WITHDRAW_OFFER: 'WITHDRAW_OFFER',
  GRANT_LICENCE: 'GRANT_LICENCE',
  REVOKE_LICENCE: 'REVOKE_LICENCE',
  /** states on the home chain what ERC-2981 answers, and who may move works for holders */
  STATE_POLICY: 'STATE_POLICY',
  /** has a mirror told of that */
  TELL_POLICY: 'TELL_POLICY',
  /** states how a vault splits what comes */
  STATE_SPLIT: 'STATE_SPLIT',
  /** done by the platform itself: compares who has an adopted token with who should */
  CHECK_ESCROW: 'CHECK_ESCROW',
  /** done by the platform itself: has what lies in a royalty receiver moved into its vault */
  FORWARD_ROYALTIES: 'FORWARD_ROYALTIES',
  /** names the OFT by which settlements of a token go over LayerZero */
  SET_REMITTANCE_OFT: 'SET_REMITTANCE_OFT',
} as const;
export type GuardActionKind = (typeof GuardActionKind)[keyof typeof GuardActionKind];
registerEnumType(GuardActionKind, { name: 'GuardActionKind' });

/** What an account may do in a registry, on one chain. */
export const RegistryRole = {
  /** limits, retirement, voids, replacements, and the other roles */
  OWNER: 'OWNER',
  /** pauses, holds and freezes; vetoes a replaced Gateway */
  GUARDIAN: 'GUARDIAN',
  /** mints and states revisions */
  MINTER: 'MINTER',
  /** royalty, licences and who may move works for holders */
  POLICY: 'POLICY',
  /** names where metadata is found */
  OPERATOR: 'OPERATOR',
} as const;
export type RegistryRole = (typeof RegistryRole)[keyof typeof RegistryRole];
registerEnumType(RegistryRole, {
  name: 'RegistryRole',
  description: 'See docs/security.md, “What each key can do”.',
});

/** `DONE` once the chain has it for good; `FAILED` says why it never will. */
export const GuardActionState = { REQUESTED: 'REQUESTED', DONE: 'DONE', FAILED: 'FAILED' } as const;
export type GuardActionState = (typeof GuardActionState)[keyof typeof GuardActionState];
registerEnumType(GuardActionState, { name: 'GuardActionState' });

/** What is asked of a licence book. */
export interface LicenceRequest {
  readonly templateHash?: Hex;
  readonly uri?: string;
  /** Of the ERC-20; zero for native money. */
  readonly currency?: Hex;
  /** In base units, decimal. */
  readonly price?: string;
  /** 0 for ever. */
  readonly termSeconds?: number;
  /** Unix time in seconds; 0 if it stays open. */
  readonly closesAt?: number;
  readonly transferable?: boolean;
  readonly revocable?: boolean;
  readonly tokenIds?: readonly string[];
  readonly offerId?: string;
  readonly grantId?: Hex;
  readonly holder?: Hex;
  readonly reasonHash?: Hex;
}

/** What is asked of collections and vaults for a royalty policy. */
export interface PolicyRequest {
  /** Of the policy; of a telling, the registry's own, which a mirror is to have. */
  readonly revision: number;
  /** Unix time in seconds from which on it holds; 0 if at once. */
  readonly from: number;
  readonly terms?: RoyaltyTerms;
  readonly shares?: readonly PayeeShare[];
}

/** What a royalty policy says to collections: what ERC-2981 answers, and who may move works for their holders. */
export interface RoyaltyTerms {
  readonly royaltyBps: number;
  /** Names royalty and splits. */
  readonly policyHash: Hex;
  /** Whether only `operators` may move works for their holders; holders always may. */
  readonly restrictsTransfers: boolean;
  readonly operators: readonly EvmAddress[];
}

/** A payee's part of what comes to a vault. */
export interface PayeeShare {
  readonly account: AccountId;
  /** In basis points; those of a split sum to 10,000. */
  readonly shareBps: number;
}

/** A block by which something is remembered. */
export interface BlockMark {
  readonly number: number;
  readonly hash: Hex;
}

@ObjectType({ description: 'How many works may pass between two chains, one way.' })
export class TravelLimit {
  @Field(() => Int, { description: 'At once.' }) capacity: number;
  @Field(() => Int, { description: 'Refilled in 24 hours.' }) perDay: number;
  @Field(() => Boolean, { description: 'Of what comes from the peer; otherwise of what leaves for it.' })
  inbound: boolean;
}

@ObjectType('GuardAction', {
  implements: Node,
  description:
    'Something done to a lane, a work, a statement, a chain, a role, a licence or a royalty, with the reason that was given.',
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
    description:
      'For lanes and limits: the other chain. For retirements: the chain that is given up. For tellings: the chain that tells.',
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
  @Field(() => RegistryRole, { nullable: true, description: 'For changes of roles: which one.' })
  role: RegistryRole | null;
  @Field(() => AccountIdScalar, {
    nullable: true,
    description: 'For changes of roles: who gets it. For OFTs: the OFT.',
  })
  account: AccountId | null;
  @Field(() => MoneyIdScalar, {
    nullable: true,
    description: 'For forwards and OFTs: which money, by CAIP-19.',
  })
  asset: MoneyId | null;
  @Field(() => String, {
    nullable: true,
    description: 'For forwards: what lay in the receiver when it was asked for, in base units.',
  })
  amount: string | null;
  /** For licences: what is offered, withdrawn, granted or revoked. */
  licence: LicenceRequest | null;
  /** For royalty policies: what is stated, or told. */
  policy: PolicyRequest | null;
  /** Of the owner's consent, if the action stands on one. */
  consentNonce: Hex | null;
  @Field(() => [PreparedCall], {
    description:
      'What another account than the tenant’s has to send for the action to go on, such as a Safe that owns the registry; empty while nothing of the kind is waited for.',
  })
  preparedCalls: PreparedCall[];
  /** A block that shows what somebody else has sent, until it is final. */
  effectBlock: BlockMark | null;
  @Field(() => String, { nullable: true, description: 'What it waits for, e.g. `the delay, until 2026-…`.' })
  waitingFor: string | null;
  @Field(() => String, { nullable: true, description: 'Why it failed.' }) failure: string | null;
  @Field(() => Date) createdAt: Date;
  @Field(() => Registry) registry?: Registry;
  @Field(() => Work, { nullable: true }) work?: Work | null;
  @Field(() => Dispatch, { nullable: true }) dispatch?: Dispatch | null;
}

export const GuardActionConnection = connectionType(GuardAction, 'GuardAction');
