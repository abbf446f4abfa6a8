import type { TenantTx } from './tenant-database';

/**
 * Until the transaction ends, no other one of this tenant gets past a lock of this name. Take it before locks on rows.
 *
 * @param what - What is guarded, e.g. `members`.
 */
export async function lockNamed(tx: TenantTx, what: string): Promise<void> {
  await tx.manager.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `${what} of ${tx.tenantId}`,
  ]);
}
