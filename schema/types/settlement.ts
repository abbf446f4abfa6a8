import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { AccountId, ChainId, EvmAddress, MoneyId } from '../caip';
import type { MemberId, RegistryId, SettlementId } from '../ids';
import { AccountIdScalar, ChainIdScalar } from '../scalars';
import { connectionType } from './connection';
import { LaneChoice } from './dispatch';
import { Node } from './node';

/** The path of a settlement; see docs/settlements.md. */
export const SettlementState = {
  REQUESTED: 'REQUESTED',
  AWAITING_APPROVAL: 'AWAITING_APPROVAL',
  APPROVED: 'APPROVED',
  SUBMITTED: 'SUBMITTED',
  SENT: 'SENT',
  CREDITED: 'CREDITED',
  FAILED: 'FAILED',
} as const;
export type SettlementState = (typeof SettlementState)[keyof typeof SettlementState];
registerEnumType(SettlementState, { name: 'SettlementState' });

/** How money reaches its payee: out of the vault on its own chain, or over a bridge to the vault on the payee's. */
export const SettlementRoute = { LOCAL: 'LOCAL', CCIP: 'CCIP', LAYERZERO: 'LAYERZERO' } as const;
export type SettlementRoute = (typeof SettlementRoute)[keyof typeof SettlementRoute];
registerEnumType(SettlementRoute, {
  name: 'SettlementRoute',
  description:
    'LOCAL: paid out of the vault on the payee’s chain. CCIP, LAYERZERO: to the vault on the payee’s chain.',
});

/** Why two people have to approve a settlement. */
export const ApprovalReason = {
  OVER_LIMIT: 'OVER_LIMIT',
  COST_OVER_CAP: 'COST_OVER_CAP',
  COST_UNKNOWN: 'COST_UNKNOWN',
} as const;
export type ApprovalReason = (typeof ApprovalReason)[keyof typeof ApprovalReason];
registerEnumType(ApprovalReason, {
  name: 'ApprovalReason',
  description:
    'OVER_LIMIT: the amount is above the rule’s limit. COST_OVER_CAP: the bridge asks for more than the rule’s share of it. COST_UNKNOWN: no rule says what the asset is worth in the chain’s own money.',
});

@ObjectType({ description: 'A payee’s part of a settlement.' })
export class SettlementCredit {
  @Field(() => AccountIdScalar) payee: AccountId;
  /** Who may withdraw for the payee where the money is, as the split named it. */
  claimant: EvmAddress;
  @Field(() => String, { description: 'What is settled, in base units of the asset.' }) amount: string;
  @Field(() => String, {
    nullable: true,
    description: 'What the payee got of it, in base units where it got it; null before.',
  })
  received: string | null;
}

@ObjectType({ description: 'Why a settlement failed, and what to do.' })
export class SettlementFailure {
  @Field(() => String, { description: 'A stable error code.' }) code: string;
  @Field(() => String) reason: string;
  @Field(() => String, { description: 'The way on.' }) nextStep: string;
}

@ObjectType({ description: 'A person’s approval of a settlement.' })
export class SettlementApproval {
  memberId: MemberId;
  @Field(() => Date) approvedAt: Date;
}

@ObjectType('Settlement', {
  implements: Node,
  description:
    'A movement of money that pays what is owed: all that some payees are owed of one asset on one chain.',
})
export class Settlement extends Node {
  declare id: SettlementId;
  registryId: RegistryId;
  @Field(() => SettlementState) state: SettlementState;
  @Field(() => Boolean, {
    description: 'True while SENT or CREDITED rests on a block that may still fall.',
  })
  provisional: boolean;
  @Field(() => ChainIdScalar, { description: 'Where the money is.' }) sourceChainId: ChainId;
  @Field(() => ChainIdScalar, { description: 'Where its payees are.' }) destinationChainId: ChainId;
  @Field(() => String, { description: 'The asset on the source, by CAIP-19.' }) asset: MoneyId;
  @Field(() => LaneChoice, { description: 'How the route is chosen.' }) laneChoice: LaneChoice;
  @Field(() => SettlementRoute, { nullable: true, description: 'Null before one is chosen.' })
  route: SettlementRoute | null;
  @Field(() => [SettlementCredit]) credits: SettlementCredit[];
  @Field(() => String, { description: 'Sum of the credits, in base units of the asset.' }) amount: string;
  @Field(() => String, {
    nullable: true,
    description: 'What the bridge asks or was paid, in wei of the source chain; null before it is priced.',
  })
  feeWei: string | null;
  @Field(() => ApprovalReason, {
    nullable: true,
    description: 'Why two people had or have to approve it; null if nobody had to.',
  })
  approvalReason: ApprovalReason | null;
  @Field(() => [SettlementApproval]) approvals: SettlementApproval[];
  @Field(() => String, { nullable: true, description: 'CCIP message id or LayerZero guid.' })
  messageId: string | null;
  @Field(() => String, { nullable: true }) sourceTransactionHash: string | null;
  @Field(() => String, { nullable: true }) destinationTransactionHash: string | null;
  @Field(() => SettlementFailure, { nullable: true }) failure: SettlementFailure | null;
  @Field(() => String, { nullable: true, description: 'What it waits for, e.g. `remit to be final`.' })
  waitingFor: string | null;
  @Field(() => Date) createdAt: Date;
  @Field(() => Date, { description: 'When the state last changed.' }) stateSince: Date;
}

export const SettlementConnection = connectionType(Settlement, 'Settlement');

@ObjectType({ description: 'What settlements of one asset may cost, and which of them two people approve.' })
export class SettlementRule {
  @Field(() => String, { description: 'CAIP-19 of the asset, on the chain where it is settled from.' })
  asset: MoneyId;
  @Field(() => String, {
    nullable: true,
    description: 'Amounts above it need two people; null: none does. Base units.',
  })
  approvalAbove: string | null;
  @Field(() => Int, { description: 'The bridge’s share of the amount at most, in basis points.' })
  maxCostBps: number;
  @Field(() => Boolean, {
    description: 'What costs more waits for a lower price; otherwise two people are asked.',
  })
  waitAboveCap: boolean;
  @Field(() => String, {
    description: 'So much of the asset, in base units, is worth `valuedWei`: with it costs are compared.',
  })
  valuedAmount: string;
  @Field(() => String, { description: 'See `valuedAmount`; wei of the asset’s chain.' }) valuedWei: string;
  @Field(() => String, {
    nullable: true,
    description: 'Less than that is not settled, by settlement, in base units; null: whatever is owed.',
  })
  minAmount: string | null;
  @Field(() => Int, {
    nullable: true,
    description: 'It is settled by itself so often, in hours; null: only when it is asked for.',
  })
  everyHours: number | null;
}

@ObjectType({
  description: 'The money of one asset in a vault and its receiver at one block, as everybody tells it.',
})
export class Reconciliation {
  @Field(() => ChainIdScalar) chainId: ChainId;
  @Field(() => String, { description: 'CAIP-19.' }) asset: MoneyId;
  @Field(() => String, { description: 'The final block as of which all is told.' }) blockNumber: string;
  @Field(() => String, {
    nullable: true,
    description: 'What the vault has, by its chain; null if the token does not answer.',
  })
  balance: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'What the vault owes, by its chain; null if the token does not answer.',
  })
  owed: string | null;
  @Field(() => String, { description: 'What the vault owes, by the events that the record has of it.' })
  recorded: string;
  @Field(() => String, {
    nullable: true,
    description: 'What the vault has, by the ledger’s final entries; null where nothing was ever posted.',
  })
  booked: string | null;
  @Field(() => String, {
    nullable: true,
    description:
      'What lies in the receiver and has not been forwarded, by its chain; null if there is none or the token does not answer.',
  })
  inReceiver: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'What lies there by the ledger’s final entries; null if there is no receiver.',
  })
  receiverBooked: string | null;
  @Field(() => Boolean, { description: 'True if all of these are equal.' }) balanced: boolean;
  @Field(() => [String], { description: 'Each difference in words; empty if there is none.' })
  differences: string[];
}
