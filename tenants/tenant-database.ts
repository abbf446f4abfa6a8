import type { DataSource } from 'typeorm';
import { type TenantId, tenantIdSchema } from '../schema/ids';
import { AuthorityEpochs } from './authority-epochs';
import { poolOf } from './data-source';
import { PinnedReads } from './pinned-reads';
import { currentTraceParent } from './trace';
import { inTransaction, runTransaction } from './transaction';

/** Runs SQL with `$1`-parameters. */
export interface Statements {
  /** @returns the rows, which are what the statement's author says. */
  query<Rows>(sql: string, values?: unknown[]): Promise<Rows>;
}

/** A transaction pinned to one tenant. Repositories take it first; there is no other way to a tenant's rows. */
export interface TenantTx {
  readonly tenantId: TenantId;
  readonly manager: Statements;
}

/** Reads pinned to one tenant, which may still be asked for after the work that they were made for. */
export interface TenantReads extends TenantTx {
  readonly lasting: true;
}

/** Hands the trace on to the rows that are written, whose columns take it from there. */
function traced(): string {
  const traceParent = currentTraceParent();
  return traceParent === undefined ? '' : `, set_config('app.trace_parent', '${traceParent}', true)`;
}

/** The tenants' tables, behind the row policies. Connects as the application's role. */
export class TenantDatabase {
  /** What {@link read} sees of them. */
  readonly authorityEpochs = new AuthorityEpochs();
  private readonly reads: PinnedReads;

  constructor(private readonly dataSource: DataSource) {
    this.reads = new PinnedReads(poolOf(dataSource), this.authorityEpochs);
  }

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
    const begin = `begin; select set_config('app.tenant_id', '${tenantIdSchema.parse(tenantId)}', true)${traced()}`;
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

  /**
   * Runs `work` as of one moment and takes back all that it wrote, whatever happens: to find out what it would do. As
   * with {@link snapshot} it runs once, and holds vacuum back meanwhile.
   *
   * @throws Whatever `work` throws.
   */
  async rehearse<T>(tenantId: TenantId, work: (tx: TenantTx) => Promise<T>): Promise<T> {
    const pin = `select set_config('app.tenant_id', '${tenantIdSchema.parse(tenantId)}', true)`;
    const begin = `begin isolation level repeatable read; ${pin}`;
    return inTransaction(this.dataSource, begin, (manager) => work({ tenantId, manager }), 'rollback');
  }

  /**
   * Runs `work`, which only reads: each of its statements is a read-only transaction of its own, pinned to
   * `tenantId`, in one round trip and prepared once on each connection. Like the statements of one
   * {@link transaction}, a later one sees what others have committed meanwhile. It is no step of a journaled request.
   *
   * @throws Whatever `work` throws; PostgreSQL's error for a statement that writes or locks rows.
   */
  async read<T>(tenantId: TenantId, work: (tx: TenantReads) => Promise<T>): Promise<T> {
    const { reads } = this;
    const pinnedTo = tenantIdSchema.parse(tenantId);
    return work({
      tenantId,
      lasting: true,
      manager: { query: (sql, values = []) => reads.run(pinnedTo, sql, values) },
    });
  }
}
