import type { TenantId } from '../../schema/ids';
import type { PageRequest } from '../../schema/inputs/page';
import type { AssignPool, TenantFilter } from '../../schema/inputs/tenant';
import type { Page } from '../../schema/types/connection';
import type { ManagedTenant } from '../../schema/types/managed-tenant';
import { TenantState } from '../../schema/types/tenant';
import type { SystemTx } from '../../tenants/system-database';
import type { TenantTx } from '../../tenants/tenant-database';
import { OUTBOX_CHANNEL } from '../outbox/outbox-repository';
import { readPlatformPage } from '../page';
import { POOL_SERVED } from './worker-pool-repository';

interface ManagedTenantRow {
  readonly id: TenantId;
  readonly name: string;
  readonly suspended_at: Date | null;
  readonly suspension_reason: string | null;
  readonly plan: string;
  readonly pool: string;
  readonly pool_served: boolean;
  readonly relay_weight: number;
  readonly max_jobs_in_flight: number;
  readonly created_at: Date;
}

const COLUMNS = `id, name, suspended_at, suspension_reason, plan, pool, relay_weight, max_jobs_in_flight, created_at,
  ${POOL_SERVED} as pool_served`;
const TABLE = `(select *, tenant_id as id, case when suspended_at is null then 'ACTIVE' else 'SUSPENDED' end as state
  from tenants) tenants`;

/** Tenants as the platform's operator manages them. */
export class ManagedTenantRepository {
  async find(tx: SystemTx, tenantId: TenantId): Promise<ManagedTenant | undefined> {
    const rows: ManagedTenantRow[] = await tx.manager.query(`select ${COLUMNS} from ${TABLE} where id = $1`, [
      tenantId,
    ]);
    return rows.map(toManagedTenant)[0];
  }

  async page(tx: SystemTx, request: PageRequest, filter: TenantFilter): Promise<Page<ManagedTenant>> {
    return readPlatformPage(tx, request, {
      columns: COLUMNS,
      table: TABLE,
      where: { state: filter?.state },
      contains: { name: filter?.name },
      toNode: toManagedTenant,
    });
  }

  /** What is undefined or null stays as it is. */
  async assignPool(
    tx: SystemTx,
    { tenantId, pool, relayWeight = null, maxJobsInFlight = null }: AssignPool,
  ): Promise<void> {
    await tx.manager.query(
      `update tenants set pool = $2, relay_weight = coalesce($3, relay_weight),
              max_jobs_in_flight = coalesce($4, max_jobs_in_flight)
        where tenant_id = $1`,
      [tenantId, pool, relayWeight, maxJobsInFlight],
    );
  }

  /** @returns False if it was suspended before: since when, and why, stays. */
  async suspend(tx: TenantTx, reason: string): Promise<boolean> {
    const [, changed]: [unknown, number] = await tx.manager.query(
      `update tenants set suspended_at = now(), suspension_reason = $2
        where tenant_id = $1 and suspended_at is null`,
      [tx.tenantId, reason],
    );
    return changed === 1;
  }

  /** Has the relays look at once for what waited. @returns False if it was not suspended. */
  async resume(tx: TenantTx): Promise<boolean> {
    const [, changed]: [unknown, number] = await tx.manager.query(
      `update tenants set suspended_at = null, suspension_reason = null
        where tenant_id = $1 and suspended_at is not null`,
      [tx.tenantId],
    );
    if (changed === 1) await tx.manager.query(`select pg_notify('${OUTBOX_CHANNEL}', '')`);
    return changed === 1;
  }
}

function toManagedTenant(row: ManagedTenantRow): ManagedTenant {
  return {
    tenantId: row.id,
    name: row.name,
    state: row.suspended_at === null ? TenantState.ACTIVE : TenantState.SUSPENDED,
    suspendedAt: row.suspended_at,
    suspensionReason: row.suspension_reason,
    plan: row.plan,
    pool: row.pool,
    poolServed: row.pool_served,
    relayWeight: row.relay_weight,
    maxJobsInFlight: row.max_jobs_in_flight,
    createdAt: row.created_at,
  };
}
