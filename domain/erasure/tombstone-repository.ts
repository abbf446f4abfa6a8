import type { TenantId } from '../../schema/ids';
import type { Tombstone } from '../../schema/types/tombstone';
import type { SystemTx } from '../../tenants/system-database';
import { FIRST_AUDIT_HASH } from '../audit/audit-entry';

interface TombstoneRow {
  readonly tenant_id: TenantId;
  readonly deleted_at: Date;
  readonly manifest_hash: string;
  readonly audit_sequence: string;
  readonly audit_hash: string;
  readonly erased_at: Date | null;
}

const COLUMNS = 'tenant_id, deleted_at, manifest_hash, audit_sequence, audit_hash, erased_at';

/** What stays of deleted tenants. As long as one is not `erased_at`, the database lets its tenant's rows be erased. */
export class TombstoneRepository {
  async find({ manager }: SystemTx, tenantId: TenantId): Promise<Tombstone | undefined> {
    const rows: TombstoneRow[] = await manager.query(
      `select ${COLUMNS} from tenant_tombstones where tenant_id = $1`,
      [tenantId],
    );
    return rows.map(toTombstone)[0];
  }

  /** Sets one up, with the end of the tenant's audit log on it. */
  async insert({ manager }: SystemTx, tenantId: TenantId, manifestHash: string): Promise<Tombstone> {
    const rows: TombstoneRow[] = await manager.query(
      `insert into tenant_tombstones (tenant_id, manifest_hash, audit_sequence, audit_hash)
       select $1, $2, coalesce(e.sequence, 0), coalesce(e.hash, '${FIRST_AUDIT_HASH}')
         from (select) as one left join audit_ends e on e.tenant_id = $1
       returning ${COLUMNS}`,
      [tenantId, manifestHash],
    );
    const [row] = rows;
    if (row === undefined) throw new Error('an insert returns its row');
    return toTombstone(row);
  }

  /** Tenants of which rows are left, the first deleted first. */
  async findOpen({ manager }: SystemTx): Promise<TenantId[]> {
    const rows: { tenant_id: TenantId }[] = await manager.query(
      'select tenant_id from tenant_tombstones where erased_at is null order by deleted_at, tenant_id',
    );
    return rows.map(({ tenant_id }) => tenant_id);
  }

  /** Takes an open one until the transaction ends. @returns False if another process has it, or it is not open. */
  async lockOpen({ manager }: SystemTx, tenantId: TenantId): Promise<boolean> {
    const rows: unknown[] = await manager.query(
      'select from tenant_tombstones where tenant_id = $1 and erased_at is null for update skip locked',
      [tenantId],
    );
    return rows.length > 0;
  }

  /** Closes one: from here on the database lets nothing of that tenant be erased. */
  async close({ manager }: SystemTx, tenantId: TenantId): Promise<void> {
    await manager.query('update tenant_tombstones set erased_at = now() where tenant_id = $1', [tenantId]);
  }
}

function toTombstone(row: TombstoneRow): Tombstone {
  return {
    tenantId: row.tenant_id,
    deletedAt: row.deleted_at,
    manifestHash: row.manifest_hash,
    auditSequence: row.audit_sequence,
    auditHash: row.audit_hash,
    erasedAt: row.erased_at,
  };
}
