import { readFileSync, writeFileSync } from 'node:fs';
import { APP_ROLE, SYSTEM_ROLE } from '../../migrations/sql';
import { AccountIndex, privateKeyAt } from '../../test/devnet/accounts';
import { startDevnet } from '../../test/devnet/devnet';
import { devnetFilePath } from '../../test/devnet/devnet-file';
import { migrateDatabase, urlOf, withClient } from '../database';
import { startPostgres } from '../embedded/postgres';
import { startRedis } from '../embedded/redis';
import { rotateKeys, rotationConfigSchema } from '../rotate-keys';
import type { DataFolder } from './data-folder';
import type { StartEnvironment } from './environment';
import type { Started } from './startup';

const DATABASE = 'colophon';
const COLLECTORS = 3;

/** A service that this start runs, or that it was told of. */
export interface Service {
  readonly url: string;
  /** Resolves with the reason should it end by itself; never for one that was there before. */
  readonly ended?: Promise<string>;
}

export interface Chains {
  readonly chainsFile: string;
  /** Private keys of rich accounts, for local chains only: who funds, and who collects. */
  readonly rich:
    | { readonly funderKey: `0x${string}`; readonly collectorKeys: readonly `0x${string}`[] }
    | undefined;
}

/** The database of `DATABASE_URL`, or one of our own in the data folder. `url` connects as its owner. */
export async function bringUpDatabase(
  { postgresDir }: DataFolder,
  { DATABASE_URL }: StartEnvironment,
  log: (message: string) => void,
): Promise<Started<Service>> {
  if (DATABASE_URL !== undefined) {
    await withClient(DATABASE_URL, (client) => client.query('select 1'));
    return { value: { url: DATABASE_URL }, detail: `at ${new URL(DATABASE_URL).host} (DATABASE_URL)` };
  }
  const postgres = await startPostgres({ dataDir: postgresDir, durable: true, log });
  const stop = () => postgres.stop();
  try {
    await createDatabase(postgres.adminUrl);
  } catch (error) {
    await stop();
    throw error;
  }
  const url = urlOf(postgres.adminUrl, { database: DATABASE });
  return {
    value: { url, ended: postgres.exited },
    detail: `PostgreSQL on port ${postgres.port}, data in ${postgres.dataDir}`,
    stop,
  };
}

async function createDatabase(adminUrl: string): Promise<void> {
  await withClient(adminUrl, async (client) => {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  });
}

/** Roles and tables, with the URLs as which the processes connect. */
export async function bringUpTables(
  ownerUrl: string,
  passwords: { readonly app: string; readonly system: string },
): Promise<Started<{ appUrl: string; systemUrl: string }>> {
  const count = await migrateDatabase(ownerUrl, passwords);
  return {
    value: {
      appUrl: urlOf(ownerUrl, { username: APP_ROLE, password: passwords.app }),
      systemUrl: urlOf(ownerUrl, { username: SYSTEM_ROLE, password: passwords.system }),
    },
    detail: count === 0 ? 'up to date' : `${count} migrations`,
  };
}

/** Every secret under the current master key: those of earlier keys, and those from before there were data keys. */
export async function bringUpKeys(
  { appUrl, systemUrl }: { readonly appUrl: string; readonly systemUrl: string },
  keys: { readonly MASTER_KEY: string; readonly PREVIOUS_MASTER_KEYS: string },
): Promise<Started<undefined>> {
  const urls = { APP_DATABASE_URL: appUrl, SYSTEM_DATABASE_URL: systemUrl };
  const { rewrapped } = await rotateKeys(rotationConfigSchema.parse({ ...urls, ...keys }), () => undefined);
  const isDone = keys.PREVIOUS_MASTER_KEYS === '' ? '' : '; previous-master-keys can go';
  return { value: undefined, detail: `${rewrapped} secrets rewrapped${isDone}` };
}

/** Redis for the queues: that of `REDIS_URL`, a private one, or none, when jobs are taken from the outbox itself. */
export async function bringUpQueue(
  { redisDir }: DataFolder,
  { REDIS_URL, PATH }: StartEnvironment,
  log: (message: string) => void,
): Promise<Started<Service | undefined>> {
  if (REDIS_URL !== undefined) {
    return { value: { url: REDIS_URL }, detail: `Bull at ${new URL(REDIS_URL).host} (REDIS_URL)` };
  }
  const redis = await startRedis({ dataDir: redisDir, searchPath: PATH, log });
  if (redis === undefined) {
    return { value: undefined, detail: 'in this process: no redis-server or valkey-server on PATH' };
  }
  return {
    value: { url: redis.url, ended: redis.exited },
    detail: `Bull on ${redis.program}, port ${redis.port}`,
    stop: () => redis.stop(),
  };
}

/** The chains of `CHAINS_FILE`, or three local ones. */
export async function bringUpChains(
  { devnetDir, chainsFile }: DataFolder,
  { CHAINS_FILE }: StartEnvironment,
): Promise<Started<Chains>> {
  if (CHAINS_FILE !== undefined) {
    return { value: { chainsFile: CHAINS_FILE, rich: undefined }, detail: `of ${CHAINS_FILE} (CHAINS_FILE)` };
  }
  const devnet = await startDevnet({ dataDir: devnetDir });
  const { chains } = JSON.parse(readFileSync(devnetFilePath(devnetDir), 'utf8'));
  writeFileSync(chainsFile, JSON.stringify(chains, undefined, 2));
  const { Platform, FirstCollector } = AccountIndex;
  const collectorKeys = Array.from({ length: COLLECTORS }, (_, index) =>
    privateKeyAt(FirstCollector + index),
  );
  const names = devnet.chains.map(({ name, chainId }) => `${name} (${chainId})`);
  return {
    value: { chainsFile, rich: { funderKey: privateKeyAt(Platform), collectorKeys } },
    detail: `local: ${names.join(', ')}; with CCIP and LayerZero`,
    stop: () => devnet.stop(),
  };
}
