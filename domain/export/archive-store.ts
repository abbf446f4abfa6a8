import type { ExportId } from '../../schema/ids';
import type { TenantTx } from '../../tenants/tenant-database';
import type { ExportRun } from './export-repository';

/** Bytes of each chunk of an archive, but for the last: so the place of a byte tells its chunk. */
export const CHUNK_BYTES = 1_048_576;

/** How many chunks a statement removes. */
const REMOVED_AT_ONCE = 64;

/** Archives in pieces, in the database: every API process reads what any worker has written. */
export class ArchiveStore {
  /** @returns false if the run is void: nothing is kept of it then, also when it is given up at this moment. */
  async put(
    { manager, tenantId }: TenantTx,
    { exportId, attempt }: ExportRun,
    position: number,
    bytes: Buffer,
  ): Promise<boolean> {
    const rows = await manager.query<unknown[]>(
      `insert into export_chunks (tenant_id, export_id, attempt, position, bytes)
       select tenant_id, id, attempt, $4, $5 from export_requests
        where tenant_id = $1 and id = $2 and attempt = $3 and state = 'RUNNING' for share
       returning position`,
      [tenantId, exportId, attempt, position, bytes],
    );
    return rows.length > 0;
  }

  /** @returns undefined if it was removed. */
  async read(
    { manager, tenantId }: TenantTx,
    { exportId, attempt }: ExportRun,
    position: number,
  ): Promise<Buffer | undefined> {
    const rows = await manager.query<{ bytes: Buffer }[]>(
      `select bytes from export_chunks where tenant_id = $1 and export_id = $2 and attempt = $3 and position = $4`,
      [tenantId, exportId, attempt, position],
    );
    return rows[0]?.bytes;
  }

  /** Removes some chunks of an export of which neither its READY archive is made nor the run in progress writes one. @returns Whether there may be more. */
  async removeSome({ manager, tenantId }: TenantTx, exportId: ExportId): Promise<boolean> {
    const removed = await manager.query<unknown[]>(
      `with removed as (
         delete from export_chunks where tenant_id = $1 and ctid = any (array(
           select c.ctid from export_chunks c join export_requests e on e.tenant_id = c.tenant_id and e.id = c.export_id
            where c.tenant_id = $1 and c.export_id = $2
              and not (c.attempt = e.attempt and e.state in ('RUNNING', 'READY'))
            limit ${REMOVED_AT_ONCE}))
         returning position)
       select * from removed`,
      [tenantId, exportId],
    );
    return removed.length === REMOVED_AT_ONCE;
  }
}
