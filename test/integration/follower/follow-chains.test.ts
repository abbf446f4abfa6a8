import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { evmChainId } from '../../../schema/caip';
import { workerConfigSchema } from '../../../workers/config';
import { type Followers, startFollowers } from '../../../workers/followers';
import { until } from '../../devnet/polling';
import { unreachableChain } from '../../support/chain-entry';
import { withClient } from '../../support/template-database';
import { createTestDatabase, type TestDatabase } from '../../support/test-database';

const folder = mkdtempSync(join(tmpdir(), 'colophon-follow-'));
const logger = pino({ level: 'silent' });
/** Nobody answers for them: that does not keep a follower from standing for a chain. */
const chains = [1, 2].map((number) => unreachableChain(evmChainId(number), number));
let database: TestDatabase;
const running: Followers[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  writeFileSync(join(folder, 'chains.json'), JSON.stringify(chains));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((followers) => followers.stop()));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await database.drop();
});

async function start(environment: Readonly<Record<string, string>>): Promise<Followers> {
  const followers = await startFollowers(config(environment), logger);
  running.push(followers);
  return followers;
}

function config(environment: Readonly<Record<string, string>>) {
  return workerConfigSchema.parse({
    APP_DATABASE_URL: database.appUrl,
    SYSTEM_DATABASE_URL: database.systemUrl,
    CHAINS_FILE: join(folder, 'chains.json'),
    MASTER_KEY: 'ab'.repeat(32),
    ...environment,
  });
}

/** Names of the connections that followers have open. */
async function connections(): Promise<string[]> {
  const { rows } = await withClient(database.adminUrl, (client) =>
    client.query<{ name: string }>(
      `select application_name as name from pg_stat_activity
       where datname = current_database() and application_name like '%follower%' order by 1`,
    ),
  );
  return rows.map(({ name }) => name);
}

/** The chains for which some process holds the lock of their only follower. */
async function followed(): Promise<string[]> {
  return (await connections()).flatMap((name) => /^follower (.+)$/.exec(name)?.[1] ?? []);
}

test('two followers share the chains as they are told, and both live', async () => {
  const second = await start({ FOLLOW_CHAINS: 'eip155:2' });
  await until('the second chain to be followed', async () => (await followed()).length > 0);
  expect(await followed()).toEqual(['eip155:2']);
  await second.checkReady();

  await start({ FOLLOW_CHAINS: 'eip155:1' });
  await until('both chains to be followed', async () => (await followed()).length > 1);
  expect(await followed()).toEqual(['eip155:1', 'eip155:2']);
});

test('a follower that is told nothing follows every chain', async () => {
  await start({});
  await until('both chains to be followed', async () => (await followed()).length > 1);
});

test('a chain that is not in the table is an error at the start, not a chain that nobody follows', async () => {
  await expect(start({ FOLLOW_CHAINS: 'eip155:1,eip155:3' })).rejects.toThrow(
    'chain eip155:3 is not in the chain table',
  );
  // It has closed what it opened, rather than left it to idle out after ten seconds.
  await until('connections to end', async () => (await connections()).length === 0, { timeoutMs: 3_000 });
  expect(() => config({ FOLLOW_CHAINS: '1' })).toThrow('must be a CAIP-2 chain id');
});
