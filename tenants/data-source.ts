import type { Pool } from 'pg';
import { DataSource, type EntitySchema, type MixedList } from 'typeorm';
import { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver';

export interface DataSourceSettings {
  /** A `postgres://` URL; the role in it decides what the tables show. */
  readonly url: string;
  /** The most connections that this pool opens. */
  readonly poolSize: number;
  /** Shown in `pg_stat_activity`, to tell the processes apart. */
  readonly applicationName: string;
  /** Sends statements without waiting for the answers before them. COPY is not possible then. */
  readonly pipelined?: boolean;
}

type Classes = MixedList<string | (new () => object) | EntitySchema>;

/** Opens a pool. Entity and migration classes come from the composition roots, so that tenants/ knows no aggregate. */
export async function openDataSource(
  { url, poolSize, applicationName, pipelined = false }: DataSourceSettings,
  {
    entities = [],
    migrations = [],
  }: { entities?: Classes; migrations?: MixedList<string | (new () => never) | (new () => object)> } = {},
): Promise<DataSource> {
  return new DataSource({
    type: 'postgres',
    url,
    poolSize,
    applicationName,
    entities,
    // CAST: TypeORM types the list as Function[]; every member is a migration class.
    migrations: migrations as string[],
    migrationsTransactionMode: 'each',
    logging: false,
    extra: { pipeline: pipelined },
  }).initialize();
}

/** The pool under a data source, for statements that go to PostgreSQL as they are. */
export function poolOf({ driver }: DataSource): Pool {
  if (!(driver instanceof PostgresDriver)) throw new Error('every data source is of PostgreSQL');
  return driver.master;
}
