import type { AccountId, MoneyId } from '../../schema/caip';
import { encodeGlobalId } from '../../schema/global-id';
import type { ProjectId } from '../../schema/ids';
import type {
  LedgerAccountFilter,
  LedgerEntryFilter,
  RoyaltyStatementOrder,
} from '../../schema/inputs/ledger';
import type { PlacePageRequest } from '../../schema/inputs/page';
import type { Page } from '../../schema/types/connection';
import { AccountKind, EntryKind, type LedgerAccount, type LedgerEntry } from '../../schema/types/ledger';
import type { TenantReads, TenantTx } from '../../tenants/tenant-database';
import { readNumberedPage } from '../numbered-page';
import { type AccountKey, WHOLE } from './ledger-entry';

type Named = Pick<LedgerAccount, 'payee' | 'projectId' | 'asset' | 'kind'>;
type AccountRow = AccountKey & { readonly place: string; readonly balance: string };
type StoredPosting = AccountKey & { readonly amount: string };

interface EntryRow extends Omit<LedgerEntry, 'postings' | 'saleId' | 'paymentId' | 'sequence'> {
  readonly place: string;
  readonly subject: string;
  readonly part: string;
  readonly postings: StoredPosting[];
}

/** What entries of one kind put on one account. */
export interface StatementSum extends AccountKey {
  readonly entry: EntryKind;
  readonly amount: bigint;
}

/** How many entries a statement is made of, of one asset. */
export interface StatementCount {
  readonly asset: MoneyId;
  readonly entries: number;
  readonly provisional: number;
}

const BALANCE = `coalesce((
  select p.balance from ledger_postings p where p.tenant_id = a.tenant_id and p.account_id = a.id
   order by p.sequence desc limit 1), 0)::text as balance`;
const IS_REVERSED = `exists (
  select from ledger_entries r where r.tenant_id = e.tenant_id and r.subject = e.subject and r.part = e.part
     and r.kind = e.kind and r.occurrence = e.occurrence + 1)`;
const IS_FINAL =
  'exists (select from ledger_finals f where f.tenant_id = e.tenant_id and f.sequence = e.sequence)';
const ENTRY_COLUMNS = `e.kind, e.subject, e.part, e.project_id as "projectId", e.ground, e.policy_revision as "policyRevision",
  e.occurred_at as "occurredAt", e.posted_at as "postedAt", e.occurrence % 2 = 1 as "isReversal",
  case when e.occurrence % 2 = 1 then 'FINAL' when ${IS_REVERSED} then 'REVERSED' when ${IS_FINAL} then 'FINAL'
       else 'PROVISIONAL' end as state,
  (select jsonb_agg(jsonb_build_object('kind', a.kind, 'owner', a.owner, 'asset', a.asset, 'amount', p.amount::text)
                    order by a.id)
     from ledger_postings p join ledger_accounts a on a.tenant_id = p.tenant_id and a.id = p.account_id
    where p.tenant_id = e.tenant_id and p.sequence = e.sequence) as postings`;
/** Entries that stand, of a time, perhaps of one project, perhaps only those that credit one payee. */
const STATED = `
  select e.sequence, e.kind, ${IS_FINAL} as final from ledger_entries e
   where e.tenant_id = $1 and e.occurred_at >= $2 and e.occurred_at < $3 and ($4::uuid is null or e.project_id = $4)
     and e.occurrence % 2 = 0 and not ${IS_REVERSED}
     and ($5::text is null or exists (
       select from ledger_postings p join ledger_accounts a on a.tenant_id = p.tenant_id and a.id = p.account_id
        where p.tenant_id = e.tenant_id and p.sequence = e.sequence and a.owner = $5))`;
const POSTED = `
  from stated e join ledger_postings p on p.tenant_id = $1 and p.sequence = e.sequence
  join ledger_accounts a on a.tenant_id = $1 and a.id = p.account_id`;

/** Reads the books for people. */
export class LedgerReader {
  async accounts(
    tx: TenantReads,
    request: PlacePageRequest,
    filter: LedgerAccountFilter,
  ): Promise<Page<LedgerAccount>> {
    return readNumberedPage(tx, request, {
      columns: `a.kind, a.owner, a.asset, ${BALANCE}`,
      table: 'ledger_accounts',
      alias: 'a',
      number: 'id',
      where: {
        kind: filter?.kind,
        owner: filter?.payee ?? filter?.projectId,
        asset: filter?.asset,
      },
      toNode: ({ balance, ...key }: AccountRow): LedgerAccount => ({ ...named(key), balance }),
    });
  }

  async entries(
    tx: TenantReads,
    request: PlacePageRequest,
    filter: LedgerEntryFilter,
  ): Promise<Page<LedgerEntry>> {
    return readNumberedPage(tx, request, {
      columns: ENTRY_COLUMNS,
      table: 'ledger_entries',
      alias: 'e',
      number: 'sequence',
      where: { project_id: filter?.projectId, subject: filter?.saleId, kind: filter?.kind },
      toNode: toEntry,
    });
  }

  /** What the entries of a statement put on accounts, by kind of entry. */
  async sums(tx: TenantTx, order: RoyaltyStatementOrder): Promise<StatementSum[]> {
    const rows: (Omit<StatementSum, 'amount'> & { amount: string })[] = await tx.manager.query(
      `with stated as (${STATED})
       select a.kind, a.owner, a.asset, e.kind as entry, sum(p.amount)::text as amount ${POSTED}
        group by a.kind, a.owner, a.asset, e.kind order by a.asset, a.kind, a.owner, e.kind`,
      parametersOf(tx, order),
    );
    return rows.map((row) => ({ ...row, amount: BigInt(row.amount) }));
  }

  async counts(tx: TenantTx, order: RoyaltyStatementOrder): Promise<StatementCount[]> {
    return tx.manager.query(
      `with stated as (${STATED})
       select a.asset, count(distinct e.sequence)::int as entries,
              (count(distinct e.sequence) filter (where not e.final))::int as provisional ${POSTED}
        group by a.asset order by a.asset`,
      parametersOf(tx, order),
    );
  }
}

function parametersOf(
  { tenantId }: TenantTx,
  { from, to, projectId, payee }: RoyaltyStatementOrder,
): unknown[] {
  return [tenantId, from, to, projectId ?? null, payee ?? null];
}

/** What is told of a whole sale, and of a whole payment. All else whose subject has no part is told of a vault. */
const OF_SALES: ReadonlySet<EntryKind> = new Set([EntryKind.SALE, EntryKind.UNPAID]);
const OF_PAYMENTS: ReadonlySet<EntryKind> = new Set([EntryKind.DEPOSIT, EntryKind.LICENCE]);

function toEntry({ place, subject, part, postings, projectId, ...entry }: EntryRow): LedgerEntry {
  const isSales = part !== WHOLE || OF_SALES.has(entry.kind);
  return {
    ...entry,
    sequence: Number(place),
    saleId: isSales ? encodeGlobalId('Sale', subject) : null,
    paymentId: part !== WHOLE ? part : OF_PAYMENTS.has(entry.kind) ? subject : null,
    projectId: encodeGlobalId('Project', projectId),
    postings: postings.map(({ amount, ...key }) => ({ ...named(key), amount })),
  };
}

const OF_PAYEES: ReadonlySet<AccountKind> = new Set([AccountKind.ARTIST_PAYABLE, AccountKind.PLATFORM_FEE]);

/** An account as people know it. */
export function named({ kind, owner, asset }: AccountKey): Named {
  // CAST: an account of these kinds is a payee's, any other a project's: see `AccountKey`.
  const [payee, project] = OF_PAYEES.has(kind) ? [owner as AccountId, null] : [null, owner as ProjectId];
  return { kind, asset, payee, projectId: project === null ? null : encodeGlobalId('Project', project) };
}
