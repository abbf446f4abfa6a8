import type { TenantId } from '../../schema/ids';
import type { TenantDatabase } from '../../tenants/tenant-database';
import type { Ledger } from '../ledger/ledger';
import type { NewEntry } from '../ledger/ledger-entry';
import type { AssessedSale, Deposit } from './assessment';
import { depositEntry, saleEntries } from './sale-entries';

/** What was observed and belongs into the books. */
export type Observed = AssessedSale | Deposit;

/** Keeps a tenant's books of what sales owe and what was paid for them. */
export class SaleBooks {
  constructor(
    private readonly database: TenantDatabase,
    private readonly ledger: Ledger,
  ) {}

  /**
   * Posts sales and deposits, all or none, in a handful of statements however many they are: hundreds at once are
   * recorded far faster than one by one. What is in the books already changes nothing, so a sale may be given again
   * as more of its payments are known, and once more when its window has closed.
   *
   * @returns How many entries were posted. They are durable then.
   */
  async recordSales(tenantId: TenantId, observed: readonly Observed[]): Promise<number> {
    return this.database.transaction(tenantId, (tx) => this.ledger.post(tx, observed.flatMap(entriesOf)));
  }

  /** Takes back what fell in a reorg, as it was recorded. @returns How many entries were reversed. */
  async takeBack(tenantId: TenantId, observed: readonly Observed[]): Promise<number> {
    return this.database.transaction(tenantId, (tx) => this.ledger.reverse(tx, observed.flatMap(entriesOf)));
  }

  /** Marks what was recorded as final: its block is. */
  async finalise(tenantId: TenantId, observed: readonly Observed[]): Promise<void> {
    await this.database.transaction(tenantId, (tx) => this.ledger.finalise(tx, observed.flatMap(entriesOf)));
  }
}

function entriesOf(observed: Observed): NewEntry[] {
  return 'sale' in observed ? saleEntries(observed) : [depositEntry(observed)];
}
