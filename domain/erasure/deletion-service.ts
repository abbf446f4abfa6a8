import type { TenantId } from '../../schema/ids';
import type { DeleteTenant } from '../../schema/inputs/tenant';
import type { Tombstone } from '../../schema/types/tombstone';
import type { SystemDatabase, SystemTx } from '../../tenants/system-database';
import { NotFoundError } from '../not-found-error';
import { TenantNotExportedError, TenantNotSuspendedError } from './erasure-errors';
import type { TombstoneRepository } from './tombstone-repository';

/** Gives tenants up: from then on none of their keys is good, and their rows are erased in the background. */
export class DeletionService {
  constructor(
    private readonly database: SystemDatabase,
    private readonly tombstones: TombstoneRepository,
  ) {}

  /**
   * Sets up the tombstone and ends what could still act for the tenant, in one transaction: its keys and
   * sessions, its jobs, and the following of its contracts. It cannot be taken back. Asked for again, it tells how far the erasure is.
   *
   * @throws {@link NotFoundError}, {@link TenantNotSuspendedError}, {@link TenantNotExportedError}
   */
  async delete({ tenantId, manifestHash }: DeleteTenant): Promise<Tombstone> {
    return this.database.transaction(async (tx) => {
      const known = await this.tombstones.find(tx, tenantId);
      if (known !== undefined) return known;
      await requireLeaving(tx, tenantId, manifestHash);
      const tombstone = await this.tombstones.insert(tx, tenantId, manifestHash);
      for (const table of ['api_keys', 'sessions', 'outbox', 'watched_addresses'])
        await tx.manager.query(`delete from ${table} where tenant_id = $1`, [tenantId]);
      return tombstone;
    });
  }
}

/** Locks the tenant, so that nobody resumes it meanwhile and a second request waits for the first. */
async function requireLeaving(
  { manager }: SystemTx,
  tenantId: TenantId,
  manifestHash: string,
): Promise<void> {
  const [tenant]: { suspended: boolean }[] = await manager.query(
    'select suspended_at is not null as suspended from tenants where tenant_id = $1 for update',
    [tenantId],
  );
  if (tenant === undefined) throw new NotFoundError('Tenant', tenantId);
  if (!tenant.suspended) throw new TenantNotSuspendedError();
  const exports: unknown[] = await manager.query(
    `select from tenant_exports e join tenants t using (tenant_id)
      where tenant_id = $1 and e.manifest_hash = $2 and e.suspended_at = t.suspended_at`,
    [tenantId, manifestHash],
  );
  if (exports.length === 0) throw new TenantNotExportedError();
}
