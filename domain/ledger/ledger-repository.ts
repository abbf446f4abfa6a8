import type { AccountId, ChainId } from '../../schema/caip';
import type { ProjectId } from '../../schema/ids';
import type { AccountKind, EntryState, Ground } from '../../schema/types/ledger';
import type { TenantTx } from '../../tenants/tenant-database';
import { type AccountKey, accountName, type EntryKey, type NewEntry, type Posting } from './ledger-entry';

/** The end of a tenant's books, held until the transaction is over. */
export interface LedgerEnd {
  readonly sequence: number;
  /** When what is added now is posted: not before anything that is there. */
  readonly postedAt: string;
}

/** An entry's key as the table has it; see the migration for `occurrence`. */
export interface OccurrenceKey extends Omit<EntryKey, 'inclusion'> {
  readonly occurrence: number;
}

/** An entry as it goes into the table. */
export interface EntryRow extends OccurrenceKey {
  readonly sequence: number;
  readonly projectId: ProjectId;
  readonly occurredAt: Date;
  readonly ground: Ground;
  readonly policyRevision: number | null;
  readonly digest: Buffer;
}

/** An entry as the books show it. */
export interface LedgerEntry
  extends Pick<NewEntry, 'part' | 'kind' | 'inclusion' | 'projectId' | 'occurredAt' | 'ground'> {
  readonly sequence: number;
  readonly postedAt: Date;
  /** It takes back the entry of the same inclusion. */
  readonly isReversal: boolean;
  readonly policyRevision: number | null;
  /** A reversal is final, for there is nothing in a block that it waits for. */
  readonly state: EntryState;
  readonly postings: readonly Posting[];
}

export interface PostingRow {
  readonly sequence: number;
  readonly accountId: string;
  readonly amount: bigint;
}

/** An entry that is posted and not taken back. */
export interface StandingEntry extends Omit<NewEntry, 'policyRevision'> {
  readonly policyRevision: undefined;
  readonly sequence: number;
  readonly final: boolean;
}

/** Which entries to look for: those that touch these accounts of an owner on a chain. */
export interface StandingQuery {
  readonly kinds: readonly AccountKind[];
  readonly owner: string;
  readonly chainId: ChainId;
  /** A place of the books. */
  readonly after: number;
  readonly limit: number;
}

/** Which accounts; all given fields must match. */
export type AccountFilter = Partial<AccountKey>;

export interface Balance extends AccountKey {
  readonly chainId: ChainId;
  /** Base units; above zero: more debits than credits. */
  readonly balance: bigint;
}

// Accounts are made only by whoever holds the end of the books, so nobody else makes the same one meanwhile.
const ACCOUNTS = `
  with wanted as materialized (select * from unnest($2::text[], $3::text[], $4::text[]) as w (kind, owner, asset)),
  known as materialized (
    select w.*, (
      select a.id from ledger_accounts a
       where a.tenant_id = $1 and a.kind = w.kind and a.owner = w.owner and a.asset = w.asset
    ) as id from wanted w
  ), made as (
    insert into ledger_accounts (tenant_id, kind, owner, asset)
    select $1, kind, owner, asset from known where id is null
    returning kind, owner, asset, id
  )
  select * from known where id is not null union all select * from made`;

// Read before the first posting is put down: those of this statement are in the way of a search from the end.
const POSTINGS = `
  with new as materialized (
    select * from unnest($2::bigint[], $3::bigint[], $4::numeric[]) as n (sequence, account_id, amount)
  ), last as materialized (
    select account_id, coalesce((
      select p.balance from ledger_postings p
       where p.tenant_id = $1 and p.account_id = touched.account_id order by p.sequence desc limit 1
    ), 0) as balance from (select distinct account_id from new) touched
  )
  insert into ledger_postings (tenant_id, sequence, account_id, amount, balance)
  select $1, n.sequence, n.account_id, n.amount,
         last.balance + sum(n.amount) over (partition by n.account_id order by n.sequence)
    from new n join last using (account_id)`;

const ENTRIES = `
  with new as (
    insert into ledger_entries (tenant_id, posted_at, sequence, subject, part, kind, occurrence, project_id, occurred_at,
                                ground, policy_revision, digest)
    select $1, $2, n.* from unnest($3::bigint[], $4::uuid[], $5::uuid[], $6::text[], $7::int[], $8::uuid[],
                                   $9::timestamptz[], $10::text[], $11::int[], $12::bytea[]) as n
    returning sequence
  )
  update ledger_ends set posted_at = $2, sequence = (select max(sequence) from new) where tenant_id = $1`;

/** Of every account its balance after the last posting up to a sequence. */
const BALANCES = `
  select a.kind, a.owner, a.asset, a.chain_id as "chainId", coalesce(last.balance, 0)::text as balance
    from ledger_accounts a left join lateral (
      select p.balance from ledger_postings p
       where p.tenant_id = a.tenant_id and p.account_id = a.id and ($2::bigint is null or p.sequence <= $2)
       order by p.sequence desc limit 1
    ) last on true
   where a.tenant_id = $1 and ($3::text is null or a.kind = $3) and ($4::text is null or a.owner = $4)
     and ($5::text is null or a.asset = $5)
   order by a.id`;

/** The entries under given keys, one look-up in the key's index for each, whatever the planner knows of the table. */
const KEYED = `unnest($2::uuid[], $3::uuid[], $4::text[], $5::int[]) as k (subject, part, kind, occurrence)
  cross join lateral (
    select * from ledger_entries e where e.tenant_id = $1 and e.subject = k.subject and e.part = k.part
       and e.kind = k.kind and e.occurrence = k.occurrence limit 1
  ) e`;
const NOT_REVERSED = `(
  select r.sequence from ledger_entries r
   where r.tenant_id = $1 and r.subject = e.subject and r.part = e.part and r.kind = e.kind
     and r.occurrence = e.occurrence + 1 limit 1) is null`;

const FINAL_BALANCE = `
  select coalesce(sum(p.amount) filter (where f.sequence is not null and ${NOT_REVERSED}), 0)::text as balance
    from ledger_accounts a
    join ledger_postings p on p.tenant_id = a.tenant_id and p.account_id = a.id
    join ledger_entries e on e.tenant_id = p.tenant_id and e.sequence = p.sequence
    left join ledger_finals f on f.tenant_id = p.tenant_id and f.sequence = p.sequence
   where a.tenant_id = $1 and a.kind = $2 and a.owner = $3 and a.asset = $4
   group by a.id`;

type StoredPosting = AccountKey & { readonly amount: string };

const BY_SUBJECT = `
  select e.sequence::float8 as sequence, e.posted_at as "postedAt", e.part, e.kind, e.occurrence / 2 as inclusion,
         e.occurrence % 2 = 1 as "isReversal", e.project_id as "projectId", e.occurred_at as "occurredAt", e.ground,
         e.policy_revision as "policyRevision",
         case when e.occurrence % 2 = 1 then 'FINAL' when not (${NOT_REVERSED}) then 'REVERSED'
              when f.sequence is not null then 'FINAL' else 'PROVISIONAL' end as state,
         (select jsonb_agg(jsonb_build_object('kind', a.kind, 'owner', a.owner, 'asset', a.asset, 'amount', p.amount::text)
                           order by a.id)
            from ledger_postings p join ledger_accounts a on a.tenant_id = p.tenant_id and a.id = p.account_id
           where p.tenant_id = $1 and p.sequence = e.sequence) as postings
    from ledger_entries e left join ledger_finals f on f.tenant_id = e.tenant_id and f.sequence = e.sequence
   where e.tenant_id = $1 and e.subject = $2 order by e.sequence`;

/** The tables of the books. Rows are only ever added, by whoever holds the end. */
export class LedgerRepository {
  /** Locks the end of the books until the transaction is over: the first thing in it, and its only lock on the ledger. */
  async lockEnd(tx: TenantTx): Promise<LedgerEnd> {
    const [end]: { sequence: string; posted_at: string }[] = await tx.manager.query(
      `insert into ledger_ends as known (tenant_id, sequence, posted_at) values ($1, 0, clock_timestamp())
       on conflict (tenant_id) do update set sequence = known.sequence
       returning sequence, greatest(posted_at, clock_timestamp())::text as posted_at`,
      [tx.tenantId],
    );
    if (end === undefined) throw new Error('an upsert returns its row');
    return { sequence: Number(end.sequence), postedAt: end.posted_at };
  }

  /** Waits until whoever holds the end is done: whoever posts then posts at a later time than this one. */
  async awaitPosters(tx: TenantTx): Promise<void> {
    await tx.manager.query('select from ledger_ends where tenant_id = $1 for share', [tx.tenantId]);
  }

  /** Those of the keys that are in the books, with what was posted under them. */
  async findPosted(
    tx: TenantTx,
    keys: readonly OccurrenceKey[],
  ): Promise<(OccurrenceKey & { digest: Buffer })[]> {
    return tx.manager.query(`select e.subject, e.part, e.kind, e.occurrence, e.digest from ${KEYED}`, [
      tx.tenantId,
      ...columns(keys, 'subject', 'part', 'kind', 'occurrence'),
    ]);
  }

  /** Those of the keys that are in the books and not reversed, oldest first. */
  async findStanding(tx: TenantTx, keys: readonly OccurrenceKey[]): Promise<EntryRow[]> {
    return tx.manager.query(
      `select e.sequence::float8 as sequence, e.subject, e.part, e.kind, e.occurrence, e.project_id as "projectId",
              e.occurred_at as "occurredAt", e.ground, e.policy_revision as "policyRevision", e.digest
         from ${KEYED} where ${NOT_REVERSED} order by e.sequence`,
      [tx.tenantId, ...columns(keys, 'subject', 'part', 'kind', 'occurrence')],
    );
  }

  /** The postings of entries. */
  async findPostings(tx: TenantTx, sequences: readonly number[]): Promise<PostingRow[]> {
    const rows: (Omit<PostingRow, 'amount'> & { amount: string })[] = await tx.manager.query(
      `select sequence::float8 as sequence, account_id as "accountId", amount::text as amount from ledger_postings
        where tenant_id = $1 and sequence = any($2::bigint[]) order by sequence, account_id`,
      [tx.tenantId, sequences],
    );
    return rows.map((row) => ({ ...row, amount: BigInt(row.amount) }));
  }

  /** Marks those of the keys that are in the books and not reversed as final; those that are marked stay so. */
  async insertFinals(tx: TenantTx, keys: readonly OccurrenceKey[]): Promise<void> {
    await tx.manager.query(
      `insert into ledger_finals (tenant_id, sequence)
       select $1, e.sequence from ${KEYED} where ${NOT_REVERSED}
       on conflict do nothing`,
      [tx.tenantId, ...columns(keys, 'subject', 'part', 'kind', 'occurrence')],
    );
  }

  /** All that was ever posted about a sale or a payment, oldest first. */
  async findBySubject(tx: TenantTx, subject: EntryKey['subject']): Promise<LedgerEntry[]> {
    const rows: (Omit<LedgerEntry, 'postings'> & { postings: StoredPosting[] })[] = await tx.manager.query(
      BY_SUBJECT,
      [tx.tenantId, subject],
    );
    return rows.map(({ postings, ...row }) => ({
      ...row,
      postings: unstored(postings),
    }));
  }

  /** The ids of accounts by {@link accountName}; those that are not there yet are made. */
  async accountIds(tx: TenantTx, accounts: readonly AccountKey[]): Promise<Map<string, string>> {
    const rows: (AccountKey & { id: string })[] = await tx.manager.query(ACCOUNTS, [
      tx.tenantId,
      ...columns(accounts, 'kind', 'owner', 'asset'),
    ]);
    return new Map(rows.map((row) => [accountName(row), row.id]));
  }

  /** Puts the postings of new entries down, each with its account's balance, then the entries, which are checked then. */
  async insert(
    tx: TenantTx,
    { postedAt }: LedgerEnd,
    entries: readonly EntryRow[],
    postings: readonly PostingRow[],
  ): Promise<void> {
    await tx.manager.query(POSTINGS, [tx.tenantId, ...columns(postings, 'sequence', 'accountId', 'amount')]);
    await tx.manager.query(ENTRIES, [
      tx.tenantId,
      postedAt,
      ...columns(
        entries,
        'sequence',
        'subject',
        'part',
        'kind',
        'occurrence',
        'projectId',
        'occurredAt',
        'ground',
        'policyRevision',
        'digest',
      ),
    ]);
  }

  /** The balances of all accounts, as of the last entry or an earlier one. */
  async balances(
    tx: TenantTx,
    { kind, owner, asset }: AccountFilter,
    sequence: number | undefined,
  ): Promise<Balance[]> {
    const rows: (Omit<Balance, 'balance'> & { balance: string })[] = await tx.manager.query(BALANCES, [
      tx.tenantId,
      sequence ?? null,
      kind ?? null,
      owner ?? null,
      asset ?? null,
    ]);
    return rows.map((row) => ({ ...row, balance: BigInt(row.balance) }));
  }

  /** Of an account, by final entries that stand; undefined if nothing was ever posted to it. */
  async finalBalance(tx: TenantTx, { kind, owner, asset }: AccountKey): Promise<bigint | undefined> {
    const rows: { balance: string }[] = await tx.manager.query(FINAL_BALANCE, [
      tx.tenantId,
      kind,
      owner,
      asset,
    ]);
    const [row] = rows;
    return row && BigInt(row.balance);
  }

  async payeeKinds(tx: TenantTx, payees: readonly AccountId[]): Promise<Map<AccountId, AccountKind>> {
    const rows: { owner: AccountId; kind: AccountKind }[] = await tx.manager.query(
      `select owner, max(kind) as kind from ledger_accounts
        where tenant_id = $1 and kind in ('ARTIST_PAYABLE', 'PLATFORM_FEE') and owner = any($2) group by owner`,
      [tx.tenantId, payees],
    );
    return new Map(rows.map(({ owner, kind }) => [owner, kind]));
  }

  /** The first places of the books after some place where accounts were posted to, in order. */
  async touchedAfter(
    tx: TenantTx,
    { kinds, owner, chainId, after, limit }: StandingQuery,
  ): Promise<number[]> {
    const rows: { sequence: number }[] = await tx.manager.query(
      `select distinct p.sequence::float8 as sequence
         from ledger_accounts a join ledger_postings p on p.tenant_id = a.tenant_id and p.account_id = a.id
        where a.tenant_id = $1 and a.kind = any($2) and a.owner = $3 and a.chain_id = $4 and p.sequence > $5
        order by 1 limit $6`,
      [tx.tenantId, kinds, owner, chainId, after, limit],
    );
    return rows.map(({ sequence }) => sequence);
  }

  /** Those of the entries at some places that are postings, and not reversed. */
  async findStandingAt(tx: TenantTx, sequences: readonly number[]): Promise<StandingEntry[]> {
    const rows: (Omit<StandingEntry, 'postings'> & { postings: StoredPosting[] })[] = await tx.manager.query(
      `select e.sequence::float8 as sequence, e.subject, e.part, e.kind, e.occurrence / 2 as inclusion,
              e.project_id as "projectId", e.occurred_at as "occurredAt", e.ground, f.sequence is not null as final,
              (select jsonb_agg(jsonb_build_object('kind', a.kind, 'owner', a.owner, 'asset', a.asset, 'amount', p.amount::text))
                 from ledger_postings p join ledger_accounts a on a.tenant_id = p.tenant_id and a.id = p.account_id
                where p.tenant_id = $1 and p.sequence = e.sequence) as postings
         from ledger_entries e left join ledger_finals f on f.tenant_id = e.tenant_id and f.sequence = e.sequence
        where e.tenant_id = $1 and e.sequence = any($2) and e.occurrence % 2 = 0 and ${NOT_REVERSED} order by e.sequence`,
      [tx.tenantId, sequences],
    );
    return rows.map(({ postings, ...row }) => ({
      ...row,
      policyRevision: undefined,
      postings: unstored(postings),
    }));
  }

  /** The last entry that was posted by then; 0 if there was none. */
  async sequenceAt(tx: TenantTx, at: Date): Promise<number> {
    const [row]: { sequence: number | null }[] = await tx.manager.query(
      `select sequence::float8 as sequence from ledger_entries where tenant_id = $1 and posted_at <= $2
        order by posted_at desc, sequence desc limit 1`,
      [tx.tenantId, at],
    );
    return row?.sequence ?? 0;
  }
}

function unstored(postings: readonly StoredPosting[]): Posting[] {
  return postings.map(({ amount, ...account }) => ({ account, amount: BigInt(amount) }));
}

/** The values of rows column by column, as `unnest` takes them. */
function columns<Row>(rows: readonly Row[], ...names: readonly (keyof Row)[]): unknown[][] {
  return names.map((name) => rows.map((row) => row[name]));
}
