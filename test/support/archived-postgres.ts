import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrateDatabase, urlOf, withClient } from '../../cli/database';
import { pollUntil } from '../../cli/embedded/poll';
import { type EmbeddedPostgres, startPostgres } from '../../cli/embedded/postgres';
import { APP_ROLE, SYSTEM_ROLE } from '../../migrations/sql';
import { own, writeOwned } from './base-backup';
import type { TestDatabase } from './test-database';

const PASSWORDS = { app: 'a'.repeat(16), system: 's'.repeat(16) };
const DATABASE = 'colophon';
const PATIENCE_MS = 60_000;
const log = () => undefined;

/**
 * Starts a server of its own that archives its log to `archive`, with a migrated database.
 *
 * @param folder - Of the server's data; every account must be able to pass through.
 * @param archive - A folder that is there.
 */
export async function startArchivedPostgres(folder: string, archive: string): Promise<EmbeddedPostgres> {
  const first = await startPostgres({ dataDir: folder, durable: true, log });
  own(archive, first.dataDir);
  await withClient(first.adminUrl, async (admin) => {
    await admin.query(`create database ${DATABASE}`);
    await admin.query('alter system set archive_mode = on');
    await admin.query(`alter system set archive_command = 'test ! -f ${archive}/%f && cp %p ${archive}/%f'`);
  });
  await first.stop();
  const server = await startPostgres({ dataDir: folder, durable: true, log });
  await migrateDatabase(databaseOn(server).adminUrl, PASSWORDS);
  return server;
}

/** The database of {@link startArchivedPostgres}, on that server or on a restored one. */
export function databaseOn({ adminUrl }: EmbeddedPostgres): TestDatabase {
  return {
    adminUrl: urlOf(adminUrl, { database: DATABASE }),
    appUrl: urlOf(adminUrl, { database: DATABASE, username: APP_ROLE, password: PASSWORDS.app }),
    systemUrl: urlOf(adminUrl, { database: DATABASE, username: SYSTEM_ROLE, password: PASSWORDS.system }),
    drop: async () => undefined,
  };
}

/** The server's clock, as a moment to restore. */
export async function momentOf(server: EmbeddedPostgres): Promise<string> {
  return withClient(server.adminUrl, async (admin) => {
    const { rows } = await admin.query<{ at: string }>('select clock_timestamp()::text as at');
    return rows[0]?.at ?? '';
  });
}

/** Waits until all that was written so far is archived. @throws Error if it is not in time. */
export async function archiveAll(server: EmbeddedPostgres): Promise<void> {
  await withClient(server.adminUrl, async (admin) => {
    const { rows } = await admin.query<{ wal: string }>('select pg_walfile_name(pg_switch_wal()) as wal');
    const isArchived = async () => {
      const { rows: archived } = await admin.query<{ last: string | null }>(
        'select last_archived_wal as last from pg_stat_archiver',
      );
      return (archived[0]?.last ?? '') >= (rows[0]?.wal ?? '');
    };
    if (!(await pollUntil(isArchived, PATIENCE_MS))) throw new Error('the log is not archived');
  });
}

/**
 * Starts a server on a copy of a base backup, which restores a moment and then takes writes.
 *
 * @param clusterDir - The copy, where the server's data are to be.
 * @param folder - Of the server; its password is that of the one that was backed up.
 */
export async function startRestored(
  clusterDir: string,
  folder: string,
  { archive, at }: { readonly archive: string; readonly at: string },
): Promise<EmbeddedPostgres> {
  appendFileSync(
    join(clusterDir, 'postgresql.auto.conf'),
    `archive_mode = off\nrestore_command = 'cp ${archive}/%f %p'\nrecovery_target_time = '${at}'\nrecovery_target_action = promote\n`,
  );
  writeOwned(join(clusterDir, 'recovery.signal'), '', clusterDir);
  const server = await startPostgres({ dataDir: folder, durable: true, log });
  const isWritable = () =>
    withClient(server.adminUrl, async (admin) => {
      const { rows } = await admin.query<{ recovers: boolean }>('select pg_is_in_recovery() as recovers');
      return rows[0]?.recovers === false;
    });
  if (!(await pollUntil(isWritable, PATIENCE_MS))) throw new Error('the server stays in recovery');
  return server;
}
