import type { AccountId } from '../../schema/caip';
import type { AccountKind } from '../../schema/types/ledger';
import type { TenantTx } from '../../tenants/tenant-database';
import {
  type AccountKey,
  accountName,
  digestOf,
  type EntryKey,
  entryName,
  mergePostings,
  type NewEntry,
  occurrenceOf,
  type Posting,
} from './ledger-entry';
import type {
  AccountFilter,
  Balance,
  EntryRow,
  LedgerEntry,
  LedgerRepository,
  OccurrenceKey,
  PostingRow,
  StandingEntry,
  StandingQuery,
} from './ledger-repository';

/** An entry that is not in the books yet. */
interface PendingEntry {
  readonly entry: NewEntry;
  readonly key: OccurrenceKey;
  readonly postings: readonly Posting[];
  readonly digest: Buffer;
}

/**
 * A tenant's double-entry books. They only grow: what falls is taken back by a linked entry, and what a balance was
 * stays readable. Whoever posts holds the end of the books until the transaction is over, so postings of one tenant
 * commit one after the other, cannot deadlock among themselves, and should come in batches.
 */
export class Ledger {
  constructor(private readonly repository: LedgerRepository) {}

  /**
   * Holds the end of the books until the transaction is over. Whoever locks rows of sales or vaults as well takes it
   * before them, so that nobody waits for each other.
   */
  async hold(tx: TenantTx): Promise<void> {
    await this.repository.lockEnd(tx);
  }

  /**
   * Posts entries in the order given; one under a key that is in the books changes nothing.
   *
   * @returns How many were posted.
   * @throws Error for an entry under a known key with other content: two observers contradict each other.
   */
  async post(tx: TenantTx, entries: readonly NewEntry[]): Promise<number> {
    const pending = pendingOf(entries);
    if (pending.length === 0) return 0;
    const end = await this.repository.lockEnd(tx);
    const posted = await this.repository.findPosted(
      tx,
      pending.map(({ key }) => key),
    );
    const digests = new Map(posted.map((row) => [entryName(row, row.occurrence), row.digest]));
    const added = pending.filter(({ key, digest }) => isNew(key, digest, digests));
    if (added.length === 0) return 0;
    const ids = await this.repository.accountIds(tx, accountsOf(added));
    const rows = added.map(({ entry, key, digest }, index): EntryRow => {
      const { projectId, occurredAt, ground, policyRevision = null } = entry;
      const sequence = end.sequence + index + 1;
      return { ...key, sequence, projectId, occurredAt, ground, policyRevision, digest };
    });
    const postings = added.flatMap(({ postings }, index) =>
      postings.map(({ account, amount }): PostingRow => {
        const accountId = ids.get(accountName(account));
        if (accountId === undefined) throw new Error(`no account was made for ${accountName(account)}`);
        return { sequence: end.sequence + index + 1, accountId, amount };
      }),
    );
    await this.repository.insert(tx, end, rows, postings);
    return added.length;
  }

  /**
   * Takes entries back, each by one linked entry with its postings turned round. Keys that were never posted, or are
   * taken back already, change nothing.
   *
   * @returns How many were taken back.
   */
  async reverse(tx: TenantTx, keys: readonly EntryKey[]): Promise<number> {
    if (keys.length === 0) return 0;
    const end = await this.repository.lockEnd(tx);
    const standing = await this.repository.findStanding(tx, occurrencesOf(keys));
    if (standing.length === 0) return 0;
    const next = new Map(standing.map(({ sequence }, index) => [sequence, end.sequence + index + 1]));
    const sequenceOf = (sequence: number) => {
      const reversal = next.get(sequence);
      if (reversal === undefined) throw new Error(`a posting of entry ${sequence} was not asked for`);
      return reversal;
    };
    const postings = await this.repository.findPostings(tx, [...next.keys()]);
    await this.repository.insert(
      tx,
      end,
      standing.map((entry) => ({
        ...entry,
        sequence: sequenceOf(entry.sequence),
        occurrence: entry.occurrence + 1,
      })),
      postings.map((posting) => ({
        ...posting,
        sequence: sequenceOf(posting.sequence),
        amount: -posting.amount,
      })),
    );
    return standing.length;
  }

  /** Marks entries as final: their block is. What is not in the books, or taken back, is left out. */
  async finalise(tx: TenantTx, keys: readonly EntryKey[]): Promise<void> {
    if (keys.length === 0) return;
    // An entry that is being reversed meanwhile must not be marked.
    await this.repository.lockEnd(tx);
    await this.repository.insertFinals(tx, occurrencesOf(keys));
  }

  /** The balances of now. */
  async balances(tx: TenantTx, filter: AccountFilter = {}): Promise<Balance[]> {
    return this.repository.balances(tx, filter, undefined);
  }

  /** The balance of an account by final entries that stand; undefined if nothing was ever posted to it. */
  async finalBalance(tx: TenantTx, account: AccountKey): Promise<bigint | undefined> {
    return this.repository.finalBalance(tx, account);
  }

  /** The balances of a time that has passed, by what was posted until then. Asked again, the answer is the same. */
  async balancesAt(tx: TenantTx, at: Date, filter: AccountFilter = {}): Promise<Balance[]> {
    await this.repository.awaitPosters(tx);
    return this.repository.balances(tx, filter, await this.repository.sequenceAt(tx, at));
  }

  /** Which of these payees the books have accounts of: a platform's fee for those who were ever credited with one. */
  async payeeKinds(tx: TenantTx, payees: readonly AccountId[]): Promise<ReadonlyMap<AccountId, AccountKind>> {
    return this.repository.payeeKinds(tx, payees);
  }

  /**
   * Entries that stand and touch some accounts, from a place of the books on, in order.
   *
   * @returns With them how far was looked, and whether there is more behind that.
   */
  async standingAfter(
    tx: TenantTx,
    query: StandingQuery,
  ): Promise<{ entries: StandingEntry[]; upTo: number; hasMore: boolean }> {
    const { sequence } = await this.repository.lockEnd(tx);
    const touched = await this.repository.touchedAfter(tx, query);
    const entries = await this.repository.findStandingAt(tx, touched);
    const last = touched.at(-1);
    const hasMore = last !== undefined && touched.length >= query.limit;
    return { entries, upTo: hasMore ? last : sequence, hasMore };
  }

  /** All that was ever posted about a sale or a payment, oldest first. */
  async entriesOf(tx: TenantTx, subject: EntryKey['subject']): Promise<LedgerEntry[]> {
    return this.repository.findBySubject(tx, subject);
  }
}

/** Each key once, without entries that come to nothing. */
function pendingOf(entries: readonly NewEntry[]): PendingEntry[] {
  const pending = new Map<string, PendingEntry>();
  for (const entry of entries) {
    const postings = mergePostings(entry.postings);
    if (postings.length === 0) continue;
    const key = {
      subject: entry.subject,
      part: entry.part,
      kind: entry.kind,
      occurrence: occurrenceOf(entry),
    };
    const digest = digestOf({ projectId: entry.projectId, postings });
    const name = entryName(entry, key.occurrence);
    const known = pending.get(name);
    if (known === undefined) pending.set(name, { entry, key, postings, digest });
    else if (!known.digest.equals(digest)) throw contradiction(name);
  }
  return [...pending.values()];
}

function isNew(key: OccurrenceKey, digest: Buffer, digests: ReadonlyMap<string, Buffer>): boolean {
  const name = entryName(key, key.occurrence);
  const known = digests.get(name);
  if (known !== undefined && !known.equals(digest)) throw contradiction(name);
  return known === undefined;
}

function contradiction(name: string): Error {
  return new Error(`the entry ${name} was posted with other content`);
}

function accountsOf(entries: readonly PendingEntry[]) {
  const accounts = entries.flatMap(({ postings }) => postings.map(({ account }) => account));
  return [...new Map(accounts.map((account) => [accountName(account), account])).values()];
}

function occurrencesOf(keys: readonly EntryKey[]): OccurrenceKey[] {
  return keys.map((key) => ({ ...key, occurrence: occurrenceOf(key) }));
}
