import { createHash } from 'node:crypto';
import type { MoneyId } from '../../schema/caip';
import type { MovementId, PaymentId, ProjectId, SaleId } from '../../schema/ids';

/** Part of a subject: nil is the whole of it. */
export const WHOLE = '00000000-0000-0000-0000-000000000000';

/**
 * What an account is for. Debits are above zero:
 * VAULT what the vault holds; SALE_CLEARING what sales owe and have not paid; BAD_DEBT what they did not pay in time;
 * ROYALTY_DUE stands against those two. ARTIST_PAYABLE and PLATFORM_FEE are owed to a payee out of the vault, SUSPENSE
 * is in the vault and of no known sale; IN_TRANSIT has left one vault for another; VAULT_LOSS is what a vault lost by its
 * token. BRIDGE_COST is what settlements cost, TENANT_ACCOUNT that the tenant's own account paid it.
 */
export const AccountKind = {
  VAULT: 'VAULT',
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

/**
 * SALE: what a sale owes. PAYMENT: what came for it. UNPAID: what did not come in time. DEPOSIT: money of no known sale.
 * PAYOUT: a payee was paid by a vault. REMITTANCE: credits left a vault for another. ARRIVAL: they came there. LOSS: a
 * vault's token shrank. COST: what a transaction of a settlement cost.
 */
export const EntryKind = {
  SALE: 'SALE',
  PAYMENT: 'PAYMENT',
  UNPAID: 'UNPAID',
  DEPOSIT: 'DEPOSIT',
  PAYOUT: 'PAYOUT',
  REMITTANCE: 'REMITTANCE',
  ARRIVAL: 'ARRIVAL',
  LOSS: 'LOSS',
  COST: 'COST',
} as const;
export type EntryKind = (typeof EntryKind)[keyof typeof EntryKind];

/** How surely money belongs to a sale: see docs/concepts.md. */
export const Ground = { PROVEN: 'PROVEN', ALLOCATED: 'ALLOCATED', UNATTRIBUTED: 'UNATTRIBUTED' } as const;
export type Ground = (typeof Ground)[keyof typeof Ground];

/** PROVISIONAL until its block is final; REVERSED when a linked entry has taken it back, be it final or not. */
export const EntryState = { PROVISIONAL: 'PROVISIONAL', FINAL: 'FINAL', REVERSED: 'REVERSED' } as const;
export type EntryState = (typeof EntryState)[keyof typeof EntryState];

/** Names an account: there is one per kind, owner and asset, made when it is first posted to. */
export interface AccountKey {
  readonly kind: AccountKind;
  /** A payee by CAIP-10, or a project's id. */
  readonly owner: string;
  readonly asset: MoneyId;
}

export interface Posting {
  readonly account: AccountKey;
  /** Base units; a debit is above zero, a credit below. */
  readonly amount: bigint;
}

/** Names what an entry tells of: posted once for each inclusion in the chain, however often it is asked for. */
export interface EntryKey {
  readonly subject: SaleId | PaymentId | MovementId;
  readonly part: PaymentId | typeof WHOLE;
  readonly kind: EntryKind;
  /** How often a reorg has taken it back before: 0 at first. */
  readonly inclusion: number;
}

/** What is to be posted. */
export interface NewEntry extends EntryKey {
  readonly projectId: ProjectId;
  /** Block time of what it tells of. */
  readonly occurredAt: Date;
  readonly ground: Ground;
  /** The revision of the royalty policy that it follows; undefined where none is needed. */
  readonly policyRevision: number | undefined;
  readonly postings: readonly Posting[];
}

/** An account's name as one text; no part can hold a space. */
export function accountName({ kind, owner, asset }: AccountKey): string {
  return `${kind} ${owner} ${asset}`;
}

/** An entry's name as one text. */
export function entryName({ subject, part, kind }: Omit<EntryKey, 'inclusion'>, occurrence: number): string {
  return `${subject} ${part} ${kind} ${occurrence}`;
}

/** Where an inclusion stands in the chain of postings and reversals under one key. */
export function occurrenceOf({ inclusion }: EntryKey): number {
  return inclusion * 2;
}

/** One posting per account, in the order in which accounts first appear; those that come to nothing are left out. */
export function mergePostings(postings: readonly Posting[]): Posting[] {
  const merged = new Map<string, Posting>();
  for (const { account, amount } of postings) {
    const name = accountName(account);
    merged.set(name, { account, amount: (merged.get(name)?.amount ?? 0n) + amount });
  }
  return [...merged.values()].filter(({ amount }) => amount !== 0n);
}

/** SHA-256 over what is posted, to tell a repeated entry from another under the same key. */
export function digestOf({ projectId, postings }: Pick<NewEntry, 'projectId' | 'postings'>): Buffer {
  const lines = postings.map(({ account, amount }) => `${accountName(account)} ${amount}`).sort();
  return createHash('sha256')
    .update([projectId, ...lines].join('\n'))
    .digest();
}
