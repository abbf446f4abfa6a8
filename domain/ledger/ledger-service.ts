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
  const total = (kind: AccountKind, entry: EntryKind) =>
    sums
      .filter((sum) => sum.kind === kind && sum.entry === entry)
      .reduce((whole, { amount }) => whole + amount, 0n);
  return {
    asset,
    entries,
    provisional,
    owed: String(total(AccountKind.SALE_CLEARING, EntryKind.SALE)),
    paid: String(total(AccountKind.VAULT, EntryKind.PAYMENT)),
    unpaid: String(total(AccountKind.BAD_DEBT, EntryKind.UNPAID)),
    suspense: String(-total(AccountKind.SUSPENSE, EntryKind.DEPOSIT)),
    payees: creditsOf(asset, sums).filter(({ account }) => payee === undefined || account === payee),
  };
}

function creditsOf(asset: MoneyId, sums: readonly StatementSum[]): StatementLine['payees'] {
  return sums.flatMap(({ kind, owner, amount, entry }) => {
    const { payee } = named({ kind, owner, asset });
    if (payee === null || entry !== EntryKind.PAYMENT) return [];
    return { account: payee, kind, credited: String(-amount) };
  });
}
