import type { ChainTransaction } from '../../chains/transactions/transaction';
import type { TenantTx } from '../../tenants/tenant-database';

/** Whoever must act when a transaction moves on: to queue jobs, for example. */
export interface TransactionSink {
  /**
   * Called in the database transaction of each change of a transaction's status, its first included,
   * so that both commit or neither. May be called again when PostgreSQL makes that transaction rerun.
   */
  changed(tx: TenantTx, transaction: ChainTransaction): Promise<void>;
}
