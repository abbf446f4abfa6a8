import type { Pool } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import { poolOf } from './data-source';
import { askDatabase } from './database-away';
import { statementName } from './pinned-query';
import type { Statements } from './tenant-database';
import { runTransaction } from './transaction';

/** A transaction that belongs to no tenant: the relay's, the follower's, the key look-up's. */
export interface SystemTx {
  readonly manager: EntityManager;
}

/** Where statements run that need no transaction around them. */
export interface SystemStatements {
  readonly manager: Statements;
}

/**
 * What belongs to no single tenant: chain state, the outbox across tenants, API-key look-up.
 * Connects as a role that is granted exactly those tables and columns.
 */
export class SystemDatabase {
  private readonly pool: Pool;
  private readonly preparing: Statements = {
    query: async <Rows>(sql: string, values: unknown[] = []) => {
      const rows = await this.prepare(sql, values);
      // CAST: rows are what the statement's author says.
      return rows as Rows;
    },
  };

  constructor(private readonly dataSource: DataSource) {
    this.pool = poolOf(dataSource);
  }

  /** One statement that only reads, prepared and without a transaction around it. @returns its rows. */
  async read<Row extends object>(sql: string, values: readonly unknown[]): Promise<readonly Row[]> {
    return this.prepare<Row>(sql, [...values]);
  }

  /** Has every statement of `work` be a transaction of its own, prepared: for the few that run all the time. */
  async prepared<T>(work: (tx: SystemStatements) => Promise<T>): Promise<T> {
    return work({ manager: this.preparing });
  }

  /** As {@link TenantDatabase.transaction}, without a tenant. */
  async transaction<T>(work: (tx: SystemTx) => Promise<T>): Promise<T> {
    return runTransaction(this.dataSource, 'begin', (manager) => work({ manager }));
  }

  /**
   * As {@link transaction}, but it does not wait for the disk: a crash of the database (not of this process)
   * may undo what was committed in the last moments, all of it from some commit on. Only for what is found out
   * again by itself, such as that a job has ended.
   */
  async lazyTransaction<T>(work: (tx: SystemTx) => Promise<T>): Promise<T> {
    const begin = 'begin; set local synchronous_commit = off';
    return runTransaction(this.dataSource, begin, (manager) => work({ manager }));
  }

  /** Has every statement of `work` be a transaction of its own, which saves two round trips for a single one. */
  async statement<T>(work: (tx: SystemTx) => Promise<T>): Promise<T> {
    return askDatabase(() => work({ manager: this.dataSource.manager }));
  }

  private prepare<Row extends object>(sql: string, values: unknown[]): Promise<Row[]> {
    return askDatabase(async () => {
      const { rows } = await this.pool.query<Row>({ name: statementName(sql), text: sql, values });
      return rows;
    });
  }
}
