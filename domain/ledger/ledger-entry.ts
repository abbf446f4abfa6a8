import { createHash } from 'node:crypto';
import type { MoneyId } from '../../schema/caip';
import type { MovementId, PaymentId, ProjectId, SaleId } from '../../schema/ids';
import type { AccountKind, EntryKind, Ground } from '../../schema/types/ledger';

/** Part of a subject: nil is the whole of it. */
export const WHOLE = '00000000-0000-0000-0000-000000000000';

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
