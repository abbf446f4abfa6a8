import type { DataSource } from 'typeorm';
import { type TenantId, tenantIdSchema } from '../schema/ids';
import type { TenantTx } from './tenant-database';
import { inTransaction } from './transaction';

/** The role whose eyes a tenant's rows are read with. */
const APP_ROLE = 'colophon_app';

/**
 * Lets `write` change a table past its row policies. Nobody else reaches that table from then until the transaction ends.
 *
 * @param table - A name of the source code, never a client's.
 */
export type AsOwner = <T>(table: string, write: () => Promise<T>) => Promise<T>;

/**
 * The database as its owner, who alone may change what is append-only for everybody else. For repairs by an operator:
 * no process of a deployment connects so.
 */
export class OwnerDatabase {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Runs `work` as of one moment, as the application's role and pinned to `tenantId`.
   *
   * @throws Whatever `work` throws, after rolling back; PostgreSQL's 40001 if somebody wrote the same rows meanwhile.
   */
  async repair<T>(tenantId: TenantId, work: (tx: TenantTx, asOwner: AsOwner) => Promise<T>): Promise<T> {
    const begin = `begin isolation level repeatable read; set local role ${APP_ROLE};
      select set_config('app.tenant_id', '${tenantIdSchema.parse(tenantId)}', true)`;
    return inTransaction(this.dataSource, begin, async (manager) =>
      work({ tenantId, manager }, async (table, write) => {
        // The row policies bind the owner, too, and have none for it.
        await manager.query(`reset role; alter table ${table} no force row level security`);
        const result = await write();
        await manager.query(`alter table ${table} force row level security; set local role ${APP_ROLE}`);
        return result;
      }),
    );
  }
}
