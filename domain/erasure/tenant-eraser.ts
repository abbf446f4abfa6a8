import type { TenantId } from '../../schema/ids';
import type { SystemDatabase, SystemTx } from '../../tenants/system-database';
import { ERASED_TABLES } from './erased-tables';
import type { TombstoneRepository } from './tombstone-repository';

/** Rows that one transaction erases of one table: short enough that nobody waits long for its locks. */
const BATCH = 5_000;

/**
 * Erases the rows of deleted tenants, some at a time, each time in a transaction of its own: whatever cuts it short, the
 * next pass goes on. Any number of processes may run it; one at a time erases a tenant.
 */
export class TenantEraser {
  constructor(
    private readonly database: SystemDatabase,
    private readonly tombstones: TombstoneRepository,
    private readonly batch = BATCH,
  ) {}

  /** Erases all that there is to erase, unless `signal` is aborted. @returns The tenants of which nothing is left now. */
  async pass(signal: AbortSignal): Promise<TenantId[]> {
    const open = await this.database.transaction((tx) => this.tombstones.findOpen(tx));
    const erased: TenantId[] = [];
    for (const tenantId of open) if (await this.erase(tenantId, signal)) erased.push(tenantId);
    return erased;
  }

  private async erase(tenantId: TenantId, signal: AbortSignal): Promise<boolean> {
    for (const table of ERASED_TABLES) {
      for (let count: number | undefined = this.batch; count === this.batch; ) {
        if (signal.aborted) return false;
        count = await this.eraseSome(table, tenantId);
        // Another process has it. To go on with the next table would be to overtake it.
        if (count === undefined) return false;
      }
    }
    return this.finish(tenantId);
  }

  /**
   * @returns How many rows it erased; undefined if another process is at this tenant.
   * @throws QueryFailedError (foreign key violation) if a job that was running has just added a row that refers to one
   * of these: the next pass begins with it.
   */
  private async eraseSome(table: string, tenantId: TenantId): Promise<number | undefined> {
    return this.database.transaction(async (tx) =>
      (await this.tombstones.lockOpen(tx, tenantId)) ? eraseRows(tx, table, tenantId, this.batch) : undefined,
    );
  }

  /**
   * Erases the tenant's own row, and what came in since its table was done with: a job that was running may have
   * written. The lock keeps out whoever would refer to the tenant.
   */
  private async finish(tenantId: TenantId): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      if (!(await this.tombstones.lockOpen(tx, tenantId))) return false;
      await tx.manager.query('select from tenants where tenant_id = $1 for update', [tenantId]);
      for (const table of ERASED_TABLES)
        await tx.manager.query(`delete from ${table} where tenant_id = $1`, [tenantId]);
      await tx.manager.query('delete from tenants where tenant_id = $1', [tenantId]);
      await this.tombstones.close(tx, tenantId);
      return true;
    });
  }
}

async function eraseRows(
  { manager }: SystemTx,
  table: string,
  tenantId: TenantId,
  limit: number,
): Promise<number> {
  const [row]: { count: number }[] = await manager.query(
    `with erased as (
       delete from ${table} where tenant_id = $1
          and ctid = any (array(select ctid from ${table} where tenant_id = $1 limit $2)) returning 1
     ) select count(*)::int as count from erased`,
    [tenantId, limit],
  );
  return row?.count ?? 0;
}
