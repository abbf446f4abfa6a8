import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { until } from '../../devnet/polling';
import { PostgresPair } from '../../support/postgres-pair';
import { describeWithRedis } from '../../support/redis';
import { RedisPair } from '../../support/redis-pair';
import { withClient } from '../../support/template-database';

const WAIT_MS = 60_000;
const WRITERS = 4;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'colophon-pairs-'));
  chmodSync(folder, 0o711); // the database's own account must pass through when we are root
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a PostgreSQL with a replica', () => {
  let pair: PostgresPair;
  beforeAll(async () => {
    pair = await PostgresPair.launch({ folder });
    await withClient(pair.adminUrl, (admin) => admin.query('create table notes (id bigint primary key)'));
  }, WAIT_MS);
  afterAll(() => pair?.stop(), WAIT_MS);

  /** Writes numbers of its own until its connection breaks. @returns Those whose commit was acknowledged. */
  async function writeUntilBroken(first: number, acknowledged: Set<number>): Promise<void> {
    const client = new Client(pair.adminUrl);
    client.on('error', () => undefined); // the statement under way rejects as well
    await client.connect();
    try {
      for (let id = first; ; id += WRITERS) {
        await client.query('insert into notes values ($1)', [id]);
        acknowledged.add(id);
      }
    } catch {
      // The server is gone: that is what it waited for.
    }
  }

  async function notes(url: string): Promise<Set<number>> {
    const { rows } = await withClient(url, (client) =>
      client.query<{ id: string }>('select id from notes order by id'),
    );
    return new Set(rows.map(({ id }) => Number(id)));
  }

  /** Replication stands still while `work` runs, as behind a broken network. */
  async function withoutReplication(work: () => Promise<void>): Promise<void> {
    const receiver = await withClient(pair.replica.adminUrl, async (client) => {
      const { rows } = await client.query<{ pid: number }>('select pid from pg_stat_wal_receiver');
      return rows[0]?.pid ?? Number.NaN;
    });
    process.kill(receiver, 'SIGSTOP');
    try {
      await work();
    } finally {
      process.kill(receiver, 'SIGCONT');
    }
  }

  async function commitsThatWait(): Promise<number> {
    return withClient(pair.primary.adminUrl, async (client) => {
      const { rows } = await client.query<{ waiting: number }>(
        "select count(*)::int as waiting from pg_stat_activity where wait_event = 'SyncRep'",
      );
      return rows[0]?.waiting ?? 0;
    });
  }

  test('what was acknowledged is there after the primary was lost under writes, at the same address', async () => {
    const before = pair.adminUrl;
    const acknowledged = new Set<number>();
    const writing = Array.from({ length: WRITERS }, (_, at) => writeUntilBroken(at, acknowledged));
    await until('writes', () => acknowledged.size >= 100);
    await withoutReplication(async () => {
      await until('every writer waits for the replica', async () => (await commitsThatWait()) === WRITERS);
      await pair.losePrimary();
    });
    await Promise.all(writing);
    await pair.promote();

    const found = await notes(before);
    expect([...acknowledged].filter((id) => !found.has(id))).toEqual([]);
    // Each writer had one write under way that nobody was told of; it may be there or not.
    expect(found.size - acknowledged.size).toBeLessThanOrEqual(WRITERS);
    expect(pair.adminUrl).toBe(before);
  });

  test('the promoted one takes writes alone, then beside a new replica, which has them all', async () => {
    const count = (await notes(pair.adminUrl)).size;
    const insert = (id: number) =>
      withClient(pair.adminUrl, (client) => client.query('insert into notes values ($1)', [id]));
    await insert(-1);
    await pair.addStandby();
    await insert(-2);
    const isThere = async () => (await notes(pair.replica.adminUrl)).has(-2);
    await until('the replica shows what it has', isThere);
    expect((await notes(pair.replica.adminUrl)).size).toBe(count + 2);
  });
});

describeWithRedis('a Redis with a replica', () => {
  let pair: RedisPair;
  beforeAll(async () => {
    pair = await RedisPair.launch(folder);
  }, WAIT_MS);
  afterAll(() => pair?.stop(), WAIT_MS);

  test('what the replica has is there after the primary was lost, for the same client', async () => {
    const client = new Redis(pair.url);
    client.on('error', () => undefined); // it connects again by itself
    await client.set('name', 'Tides');
    expect(await client.wait(1, WAIT_MS)).toBe(1);
    await pair.losePrimary();
    await pair.promote();
    expect(await client.get('name')).toBe('Tides');
    await pair.addReplica();
    await client.set('name', 'Waves');
    expect(await client.wait(1, WAIT_MS)).toBe(1);
    client.disconnect();
  });
});
