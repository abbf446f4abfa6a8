import type { DataSource, EntityManager } from 'typeorm';
import { type TenantId, tenantIdSchema } from '../schema/ids';
import { inTransaction, runTransaction } from './transaction';

/** A transaction pinned to one tenant. Repositories take it first; there is no other way to a tenant's rows. */
export interface TenantTx {
  readonly tenantId: TenantId;
  readonly manager: EntityManager;
}

/** The tenants' tables, behind the row policies. Connects as the application's role. */
export class TenantDatabase {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Runs `work` in one transaction pinned to `tenantId` by row-level security.
   *
   * The setting is transaction-local (third argument `true`), so it cannot travel with the
   * connection back into the pool. On a serialization failure or a deadlock the whole of `work`
   * runs again: it must not reach outside the database.
   *
   * @throws Whatever `work` throws, after rolling back.
   */
  async transaction<T>(tenantId: TenantId, work: (tx: TenantTx) => Promise<T>): Promise<T> {
    const begin = `begin; select set_config('app.tenant_id', '${tenantIdSchema.parse(tenantId)}', true)`;
    return runTransaction(this.dataSource, begin, (manager) => work({ tenantId, manager }));
  }

  /**
   * Reads all of a tenant as of one moment, however long that takes: one transaction that only reads, and runs once, so
   * `work` may reach outside the database. It holds vacuum back meanwhile.
   *
   * @throws Whatever `work` throws.
   */
  async snapshot<T>(tenantId: TenantId, work: (tx: TenantTx) => Promise<T>): Promise<T> {
    const pin = `select set_config('app.tenant_id', '${tenantIdSchema.parse(tenantId)}', true)`;
    const begin = `begin isolation level repeatable read, read only; ${pin}`;
    return inTransaction(this.dataSource, begin, (manager) => work({ tenantId, manager }));
  }
}
