import type { MoneyId } from '../../schema/caip';
import type { TenantId } from '../../schema/ids';
import type {
  LedgerAccountFilter,
  LedgerEntryFilter,
  RoyaltyStatementOrder,
} from '../../schema/inputs/ledger';
import type { PlacePageRequest } from '../../schema/inputs/page';
import type { Page } from '../../schema/types/connection';
import {
  AccountKind,
  EntryKind,
  type LedgerAccount,
  type LedgerEntry,
  type RoyaltyStatement,
  type StatementLine,
} from '../../schema/types/ledger';
import type { TenantDatabase } from '../../tenants/tenant-database';
import { groupBy } from '../group-by';
import { type LedgerReader, named, type StatementCount, type StatementSum } from './ledger-reader';

/** A tenant's books, as people read them. */
export class LedgerService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly reader: LedgerReader,
  ) {}

  async accounts(
    tenantId: TenantId,
    request: PlacePageRequest,
    filter?: LedgerAccountFilter,
  ): Promise<Page<LedgerAccount>> {
    return this.database.read(tenantId, (tx) => this.reader.accounts(tx, request, filter));
  }

  async entries(
    tenantId: TenantId,
    request: PlacePageRequest,
    filter?: LedgerEntryFilter,
  ): Promise<Page<LedgerEntry>> {
    return this.database.read(tenantId, (tx) => this.reader.entries(tx, request, filter));
  }

  /** What the books say of a time, by asset. As of one moment: nothing is posted between its sums and its counts. */
  async statement(tenantId: TenantId, order: RoyaltyStatementOrder): Promise<RoyaltyStatement> {
    return this.database.snapshot(tenantId, async (tx) => {
      const sums = groupBy(await this.reader.sums(tx, order), ({ asset }) => asset);
      const counts = await this.reader.counts(tx, order);
      return {
        from: order.from,
        to: order.to,
        lines: counts.map((count) => lineOf(count, sums.get(count.asset) ?? [], order.payee ?? undefined)),
      };
    });
  }
}

function lineOf(
  { asset, entries, provisional }: StatementCount,
  sums: readonly StatementSum[],
  payee: string | undefined,
): StatementLine {
  const total = (kinds: readonly AccountKind[], entries: readonly EntryKind[]) =>
    String(
      sums
        .filter((sum) => kinds.includes(sum.kind) && entries.includes(sum.entry))
        .reduce((whole, { amount }) => whole + amount, 0n),
    );
  return {
    asset,
    entries,
    provisional,
    owed: total([AccountKind.SALE_CLEARING], [EntryKind.SALE]),
    // In the vault at once by what an earlier release posted.
    paid: total([AccountKind.RECEIVER, AccountKind.VAULT], [EntryKind.PAYMENT]),
    unpaid: total([AccountKind.BAD_DEBT], [EntryKind.UNPAID, EntryKind.ATTRIBUTION]),
    licences: total([AccountKind.RECEIVER], [EntryKind.LICENCE]),
    attributed: total([AccountKind.SUSPENSE], [EntryKind.ATTRIBUTION]),
    suspense: negated(total([AccountKind.SUSPENSE], [EntryKind.DEPOSIT, EntryKind.ATTRIBUTION])),
    payees: creditsOf(asset, sums).filter(({ account }) => payee === undefined || account === payee),
  };
}

/** What vaults credited payees with, and what an earlier release did in their stead and has not been restated. */
const CREDITING: readonly EntryKind[] = [EntryKind.CREDIT, EntryKind.PAYMENT, EntryKind.RESTATEMENT];

function creditsOf(asset: MoneyId, sums: readonly StatementSum[]): StatementLine['payees'] {
  const credits = sums.filter(
    ({ kind, owner, entry }) => named({ kind, owner, asset }).payee !== null && CREDITING.includes(entry),
  );
  return [...groupBy(credits, ({ kind, owner }) => `${kind} ${owner}`).values()].flatMap((of) => {
    const credited = of.reduce((sum, { amount }) => sum - amount, 0n);
    const [first] = of;
    const account = first && named({ ...first, asset }).payee;
    return first === undefined || account == null || credited === 0n
      ? []
      : { account, kind: first.kind, credited: String(credited) };
  });
}

function negated(amount: string): string {
  return String(-BigInt(amount));
}
