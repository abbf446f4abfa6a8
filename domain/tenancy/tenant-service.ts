import type { TenantId } from '../../schema/ids';
import type { Tenant } from '../../schema/types/tenant';
import type { TenantDatabase } from '../../tenants/tenant-database';

/** A tenant's view of itself. */
export class TenantService {
  constructor(private readonly database: TenantDatabase) {}

  async get(tenantId: TenantId): Promise<Tenant> {
    const rows: { tenant_id: TenantId; name: string; pool: string; created_at: Date }[] =
      await this.database.transaction(tenantId, (tx) =>
        tx.manager.query('select tenant_id, name, pool, created_at from tenants where tenant_id = $1', [
          tenantId,
        ]),
      );
    const [row] = rows;
    if (row === undefined) throw new Error(`the authenticated tenant ${tenantId} has no row`);
    return { tenantId: row.tenant_id, name: row.name, pool: row.pool, createdAt: row.created_at };
  }
}
