import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { AccountId, MoneyId } from '../caip';
import { AccountIdScalar, MoneyIdScalar } from '../scalars';
import { connectionType } from './connection';

/**
 * What an account is for. Debits are above zero. Where money is, and whose: RECEIVER what came in and no vault has taken
 * over yet; VAULT what the vault holds; IN_TRANSIT what left one vault for another; VAULT_LOSS what a vault lost by its
 * token; against them ARTIST_PAYABLE and PLATFORM_FEE, what vaults have credited to a payee, and UNSPLIT, what came in and
 * no vault has credited to a payee whom the books can name. What is known of why it came: SALE_CLEARING what sales owe and
 * have not paid; BAD_DEBT what they did not pay in time; SUSPENSE what came for no known reason; ROYALTY_DUE stands
 * against those three. BRIDGE_COST is what settlements and forwards cost, TENANT_ACCOUNT that the tenant's own account paid it.
 */
export const AccountKind = {
  RECEIVER: 'RECEIVER',
  VAULT: 'VAULT',
  UNSPLIT: 'UNSPLIT',
  SALE_CLEARING: 'SALE_CLEARING',
  ROYALTY_DUE: 'ROYALTY_DUE',
  ARTIST_PAYABLE: 'ARTIST_PAYABLE',
  PLATFORM_FEE: 'PLATFORM_FEE',
  BRIDGE_COST: 'BRIDGE_COST',
  SUSPENSE: 'SUSPENSE',
  BAD_DEBT: 'BAD_DEBT',
  IN_TRANSIT: 'IN_TRANSIT',
  TENANT_ACCOUNT: 'TENANT_ACCOUNT',
  VAULT_LOSS: 'VAULT_LOSS',
} as const;
export type AccountKind = (typeof AccountKind)[keyof typeof AccountKind];
registerEnumType(AccountKind, {
  name: 'LedgerAccountKind',
  description:
    'Where money is, and whose. RECEIVER: came in, and no vault has taken it over yet. VAULT: what the vault holds. IN_TRANSIT: left one vault for another. VAULT_LOSS: what a vault lost by its token. ARTIST_PAYABLE, PLATFORM_FEE: credited to a payee by a vault. UNSPLIT: came in, and no vault has credited it to a payee yet. Why it came. SALE_CLEARING: what sales owe and have not paid; BAD_DEBT: what they did not pay in time; SUSPENSE: came for no known reason; ROYALTY_DUE stands against those three. BRIDGE_COST: what settlements and forwards cost; TENANT_ACCOUNT: that the tenant’s own account paid it.',
});

/**
 * SALE: what a sale owes. PAYMENT: what came for it. UNPAID: what did not come in time. DEPOSIT: money of no known sale.
 * LICENCE: the price of a licence. ATTRIBUTION: a person told which sale a deposit was for. RECEIPT: a vault took money
 * over. CREDIT: it credited a payee. PAYOUT: it paid one. REMITTANCE: credits left a vault for another. ARRIVAL: they came
 * there. LOSS: a vault's token shrank. COST: what a transaction of a settlement cost. RESTATEMENT: turns an entry of an
 * earlier release, which credited payees before the vault did, into what it would be now.
 */
export const EntryKind = {
  SALE: 'SALE',
  PAYMENT: 'PAYMENT',
  UNPAID: 'UNPAID',
  DEPOSIT: 'DEPOSIT',
  LICENCE: 'LICENCE',
  ATTRIBUTION: 'ATTRIBUTION',
  RECEIPT: 'RECEIPT',
  CREDIT: 'CREDIT',
  PAYOUT: 'PAYOUT',
  REMITTANCE: 'REMITTANCE',
  ARRIVAL: 'ARRIVAL',
  LOSS: 'LOSS',
  COST: 'COST',
  RESTATEMENT: 'RESTATEMENT',
} as const;
export type EntryKind = (typeof EntryKind)[keyof typeof EntryKind];
registerEnumType(EntryKind, {
  name: 'LedgerEntryKind',
  description:
    'SALE: what a sale owes. PAYMENT: what came for it. UNPAID: what did not come in time. DEPOSIT: money of no known sale. LICENCE: the price of a licence. ATTRIBUTION: a person told which sale a deposit was for. RECEIPT: a vault took money over. CREDIT: it credited a payee. PAYOUT: it paid one. REMITTANCE: credits left a vault for another. ARRIVAL: they came there. LOSS: a vault’s token shrank. COST: what a transaction of a settlement cost. RESTATEMENT: turns an entry of an earlier release into what it would be now.',
});

/** How surely it is known what money came for: see docs/concepts.md. */
export const Ground = { PROVEN: 'PROVEN', ALLOCATED: 'ALLOCATED', UNATTRIBUTED: 'UNATTRIBUTED' } as const;
export type Ground = (typeof Ground)[keyof typeof Ground];
registerEnumType(Ground, {
  name: 'RoyaltyGround',
  description:
    'How surely it is known what money came for. PROVEN: one sale, or licence, and its payment in one transaction; of what a vault did: its log. ALLOCATED: divided by a published rule, or told by a person. UNATTRIBUTED: it came for no known reason.',
});

/** PROVISIONAL until its block is final; REVERSED when a linked entry has taken it back, be it final or not. */
export const EntryState = { PROVISIONAL: 'PROVISIONAL', FINAL: 'FINAL', REVERSED: 'REVERSED' } as const;
export type EntryState = (typeof EntryState)[keyof typeof EntryState];
registerEnumType(EntryState, {
  name: 'LedgerEntryState',
  description: 'PROVISIONAL until its block is final; REVERSED once a linked entry has taken it back.',
});

@ObjectType({
  description:
    'An account of the tenant’s books: one per kind, owner and asset, made when it is first posted to.',
})
export class LedgerAccount {
  @Field(() => AccountKind) kind: AccountKind;
  @Field(() => AccountIdScalar, {
    nullable: true,
    description: 'Who is owed what is in it; null if it is a project’s.',
  })
  payee: AccountId | null;
  @Field(() => ID, { nullable: true, description: 'The project; null if it is a payee’s.' })
  projectId: string | null;
  @Field(() => MoneyIdScalar) asset: MoneyId;
  @Field(() => String, {
    description:
      'In base units; above zero: more debits than credits. What is owed to a payee is below zero.',
  })
  balance: string;
}

@ObjectType({ description: 'What an entry puts on an account.' })
export class LedgerPosting {
  @Field(() => AccountKind) kind: AccountKind;
  @Field(() => AccountIdScalar, { nullable: true }) payee: AccountId | null;
  @Field(() => ID, { nullable: true }) projectId: string | null;
  @Field(() => MoneyIdScalar) asset: MoneyId;
  @Field(() => String, { description: 'In base units; a debit is above zero, a credit below.' })
  amount: string;
}

@ObjectType({
  description: 'An entry of the tenant’s books. Its postings sum to zero in each asset; it is never changed.',
})
export class LedgerEntry {
  @Field(() => Int, { description: 'Its place in the books, from 1.' }) sequence: number;
  @Field(() => EntryKind) kind: EntryKind;
  @Field(() => EntryState) state: EntryState;
  @Field(() => Boolean, { description: 'It takes back an earlier entry.' }) isReversal: boolean;
  @Field(() => ID, { nullable: true, description: 'The sale that it tells of, if it tells of one.' })
  saleId: string | null;
  @Field(() => ID, { nullable: true, description: 'The payment that it tells of, if it tells of one.' })
  paymentId: string | null;
  @Field(() => ID) projectId: string;
  @Field(() => Ground) ground: Ground;
  @Field(() => Int, { nullable: true }) policyRevision: number | null;
  @Field(() => Date, { description: 'Block time of what it tells of.' }) occurredAt: Date;
  @Field(() => Date) postedAt: Date;
  @Field(() => [LedgerPosting]) postings: LedgerPosting[];
}

export const LedgerAccountConnection = connectionType(LedgerAccount, 'LedgerAccount');
export const LedgerEntryConnection = connectionType(LedgerEntry, 'LedgerEntry');

@ObjectType({ description: 'What vaults credited a payee with.' })
export class StatementPayee {
  @Field(() => AccountIdScalar) account: AccountId;
  @Field(() => AccountKind) kind: AccountKind;
  @Field(() => String, { description: 'In base units.' }) credited: string;
}

@ObjectType({ description: 'What a royalty statement says of one asset, in its base units.' })
export class StatementLine {
  @Field(() => MoneyIdScalar) asset: MoneyId;
  @Field(() => String, { description: 'What sales owed.' }) owed: string;
  @Field(() => String, {
    description: 'What came for them; a payee’s own statement has its credits instead.',
  })
  paid: string;
  @Field(() => String, { description: 'What did not come in time.' }) unpaid: string;
  @Field(() => String, { description: 'What licences were bought for.' }) licences: string;
  @Field(() => String, { description: 'What people have attributed to a sale of what was in suspense.' })
  attributed: string;
  @Field(() => String, { description: 'What came for no known reason, and nobody has attributed since.' })
  suspense: string;
  @Field(() => [StatementPayee]) payees: StatementPayee[];
  @Field(() => Int, { description: 'How many entries of the books it is made of.' }) entries: number;
  @Field(() => Int, { description: 'How many of them rest on a block that may still fall.' })
  provisional: number;
}

@ObjectType({
  description: 'What the books say of a time: of entries that stand, by the block time of what they tell of.',
})
export class RoyaltyStatement {
  @Field(() => Date) from: Date;
  @Field(() => Date) to: Date;
  @Field(() => [StatementLine]) lines: StatementLine[];
}
