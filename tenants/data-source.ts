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

/**
 * For every connection to PostgreSQL: asks the other side for a sign of life once it has been silent for this long, then
 * every second (as libuv does), so that one whose server is gone without a word breaks within about twenty seconds.
 * Without the delay the system asks after two hours. While bytes of ours are not acknowledged, TCP's own time applies,
 * which is a quarter of an hour.
 */
export const KEEP_ALIVE = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 } as const;

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
    extra: { pipeline: pipelined, ...KEEP_ALIVE },
  }).initialize();
}

/** The pool under a data source, for statements that go to PostgreSQL as they are. */
export function poolOf({ driver }: DataSource): Pool {
  if (!(driver instanceof PostgresDriver)) throw new Error('every data source is of PostgreSQL');
  return driver.master;
}
