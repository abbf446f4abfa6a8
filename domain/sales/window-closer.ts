import type { RegistryId, TenantId } from '../../schema/ids';
import type { Sale } from '../../schema/types/sale';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import { notifyAllChanged } from '../events/change-notifier';
import type { Ledger } from '../ledger/ledger';
import type { NewEntry } from '../ledger/ledger-entry';
import { unpaidEntry } from '../royalties/sale-entries';
import type { SaleListener } from './sale-observer';
import type { DueSale, SaleRepository } from './sale-repository';

/** Sales that are closed in one go. */
const BATCH = 100;

/** Calls what final sales lack unpaid once their window has closed: nothing that comes after that counts. */
export class WindowCloser {
  constructor(
    private readonly database: TenantDatabase,
    private readonly sales: SaleRepository,
    private readonly ledger: Ledger,
    private readonly listener: Pick<SaleListener, 'salesUnpaid'>,
  ) {}

  /** @returns When the next window closes; undefined if none is open. */
  async close(tenantId: TenantId, registryId: RegistryId): Promise<Date | undefined> {
    return this.database.transaction(tenantId, async (tx) => {
      await this.ledger.hold(tx);
      const due = await this.sales.due(tx, registryId, BATCH);
      if (due.length > 0) await this.closeAll(tx, due);
      return this.sales.nextDue(tx, registryId);
    });
  }

  private async closeAll(tx: TenantTx, due: readonly DueSale[]): Promise<void> {
    const ids = due.map(({ id }) => id);
    const inclusions = new Map(due.map(({ id, inclusion }) => [id, inclusion]));
    await this.sales.close(tx, ids);
    const closed = await this.sales.findByIds(tx, ids);
    const entries = closed.map((sale) => entryOf(sale, inclusions.get(sale.id) ?? 0));
    await this.ledger.post(tx, entries);
    await this.ledger.finalise(tx, entries);
    await notifyAllChanged(tx, 'Sale', ids);
    await this.listener.salesUnpaid(tx, closed);
  }
}

function entryOf({ evidence, ...sale }: Sale, inclusion: number): NewEntry {
  return unpaidEntry({
    sale: {
      saleId: sale.id,
      projectId: sale.projectId,
      inclusion,
      transactionHash: evidence.transactionHash,
      blockTime: sale.soldAt,
      asset: sale.asset,
      price: BigInt(sale.price),
      isBundled: sale.bundled,
    },
    terms: { revision: sale.policyRevision },
    shortfall: BigInt(sale.expected) - BigInt(sale.paid),
  });
}
