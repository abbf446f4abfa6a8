import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { workerConfigSchema } from '../../../workers/config';
import { type Followers, startFollowers } from '../../../workers/followers';
import { until } from '../../devnet/polling';
import { withClient } from '../../support/template-database';
import { createTestDatabase, type TestDatabase } from '../../support/test-database';

const folder = mkdtempSync(join(tmpdir(), 'colophon-follow-'));
const logger = pino({ level: 'silent' });
const ADDRESS = `0x${'1'.repeat(40)}`;
let database: TestDatabase;
const running: Followers[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  writeFileSync(join(folder, 'chains.json'), JSON.stringify([1, 2].map(unreachableChain)));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((followers) => followers.stop()));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await database.drop();
});

/** A chain whose endpoint nobody answers for: that does not keep a follower from standing for it. */
function unreachableChain(number: number): object {
  return {
    ...{ chainId: `eip155:${number}`, name: `Chain ${number}`, rpcUrls: ['http://127.0.0.1:9'] },
    ...{ finality: 'finalized', blockTimeMs: 1_000 },
    ccip: { ccipSelector: String(number), router: ADDRESS, onRamp: ADDRESS, offRamp: ADDRESS },
    layerZero: {
      ...{ lzEid: number, endpoint: ADDRESS, sendUln: ADDRESS, receiveUln: ADDRESS, executor: ADDRESS },
      ...{ confirmations: 1, dvns: [ADDRESS] },
    },
  };
}

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
