import type { Ledger } from '../../domain/ledger/ledger';
import { entriesOf, type Observed } from '../../domain/royalties/sale-entries';
import type { TenantId } from '../../schema/ids';
import type { TenantDatabase } from '../../tenants/tenant-database';

/** Keeps a tenant's books of what was observed, in a transaction for each call. */
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
