import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removePostgres, startPostgres } from '../../cli/embedded/postgres';
import { startRedis } from '../../cli/embedded/redis';
import { writeServiceUrls } from '../support/service-urls';
import { createTemplateDatabase } from '../support/template-database';

const log = () => undefined;

/** Runs `work` beside a durable PostgreSQL and a Redis of its own, and removes both. @throws If there is no Redis. */
export async function withServices<T>(work: (redisUrl: string) => Promise<T>): Promise<T> {
  return withPostgres(async (adminUrl, folder) => {
    const redis = await startRedis({
      dataDir: join(folder, 'redis'),
      searchPath: process.env['PATH'] ?? '',
      log,
    });
    if (redis === undefined) throw new Error('the peer needs redis-server or valkey-server on PATH');
    try {
      writeServiceUrls({ ...(await createTemplateDatabase(adminUrl)), redisUrl: redis.url });
      return await work(redis.url);
    } finally {
      await redis.stop();
    }
  });
}

/**
 * Runs `work` beside a durable PostgreSQL of its own, with a folder to write to, and removes both.
 *
 * @param settings - In place of PostgreSQL's defaults.
 */
export async function withPostgres<T>(
  work: (adminUrl: string, folder: string) => Promise<T>,
  settings: Readonly<Record<string, string>> = {},
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'colophon-bench-'));
  chmodSync(folder, 0o711); // the database's own account must pass through when we are root
  const dataDir = join(folder, 'postgres');
  try {
    const postgres = await startPostgres({ dataDir, durable: true, settings, log });
    try {
      return await work(postgres.adminUrl, folder);
    } finally {
      await postgres.stop();
      await removePostgres({ dataDir, log });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
