import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedPostgres, removePostgres, startPostgres } from '../../cli/embedded/postgres';
import { type EmbeddedRedis, startRedis } from '../../cli/embedded/redis';
import { writeServiceUrls } from './service-urls';
import { createTemplateDatabase } from './template-database';

/** The servers that the integration and end-to-end suites of one run share. */
export interface TestServices {
  stop(): Promise<void>;
}

/** Starts them in a temporary folder, migrates the template database, and tells the test files where they are. */
export async function startTestServices(): Promise<TestServices> {
  const folder = mkdtempSync(join(tmpdir(), 'colophon-test-'));
  chmodSync(folder, 0o711); // the database's own account must pass through when we are root
  const log = () => undefined;
  const postgresDir = join(folder, 'postgres');
  let postgres: EmbeddedPostgres | undefined;
  let redis: EmbeddedRedis | undefined;

  const stop = async () => {
    await redis?.stop();
    await postgres?.stop();
    await removePostgres({ dataDir: postgresDir, log });
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    postgres = await startPostgres({ dataDir: postgresDir, durable: false, log });
    redis = await startRedis({ dataDir: join(folder, 'redis'), searchPath: process.env['PATH'] ?? '', log });
    writeServiceUrls({ ...(await createTemplateDatabase(postgres.adminUrl)), redisUrl: redis?.url });
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}
