import { pino } from 'pino';
import type { Hex } from 'viem';
import { runFollower } from '../../../chains/follower/run-follower';
import { AdvisoryLeaderLock } from '../../../domain/chain-state/follower-lock';
import { rpc } from '../../devnet/json-rpc';
import { until } from '../../devnet/polling';
import { withClient } from '../../support/template-database';
import { CHAIN_ID, DEPTH, FollowerHarness, SECOND_REGISTRY_ID } from './harness';

let h: FollowerHarness;
let emitter: Hex;

beforeEach(async () => {
  h = await FollowerHarness.start(2);
  emitter = await h.deploy();
  await h.mine(2 * DEPTH);
});

afterEach(async () => {
  await h.stop();
});

async function expectRecordEqualsChain(address = emitter): Promise<void> {
  expect(await h.recordedLogs(address)).toEqual(await h.chainLogs(address));
}

describe('a crash', () => {
  test('before the commit leaves neither a gap nor a double', async () => {
    await h.watch(emitter, 0);
    const follower = await h.follower();
    await follower.tick();
    await h.emit(emitter, 10, 2);
    h.onCommit = () => {
      throw new Error('killed');
    };
    await expect(follower.tick()).rejects.toThrow('killed');
    expect(await h.count('chain_logs')).toBe(0);
    h.onCommit = () => undefined;
    await (await h.follower()).tick();
    await expectRecordEqualsChain();
    expect(await h.count('chain_logs')).toBe(20);
  });

  test('between two ranges goes on where the last commit ended', async () => {
    await h.watch(emitter, 0);
    await (await h.follower()).tick();
    await h.emit(emitter, 80);
    let commits = 0;
    h.onCommit = () => {
      commits += 1;
      if (commits === 2) throw new Error('killed');
    };
    await expect((await h.follower()).tick()).rejects.toThrow('killed');
    expect(await h.count('chain_logs')).toBe(32);
    h.onCommit = () => undefined;
    await (await h.follower()).tick();
    await expectRecordEqualsChain();
    expect(await h.count('chain_logs')).toBe(80);
  });
});

describe('two followers of one chain', () => {
  test('never write the same step twice: the slower one fails and changes nothing', async () => {
    await h.watch(emitter, 0);
    const [one, other] = [await h.follower(), await h.follower()];
    await one.tick();
    await h.emit(emitter, 10);
    const results = await Promise.allSettled([one.tick(), other.tick()]);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'CONFLICT' });
    }
    expect(results.some(({ status }) => status === 'fulfilled')).toBe(true);
    await one.tick();
    await expectRecordEqualsChain();
    expect(await h.count('chain_logs')).toBe(10);
  });

  test('share one lock, which is free again when its holder dies', async () => {
    const lock = new AdvisoryLeaderLock(h.database.systemUrl);
    const lease = await lock.tryAcquire(CHAIN_ID);
    expect(lease?.isHeld).toBe(true);
    expect(await lock.tryAcquire(CHAIN_ID)).toBeUndefined();
    await withClient(h.database.adminUrl, (client) =>
      client.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and application_name = $1`,
        [`follower ${CHAIN_ID}`],
      ),
    );
    await until('the loss to be noticed', () => lease?.isHeld === false);
    const next = await lock.tryAcquire(CHAIN_ID);
    expect(next?.isHeld).toBe(true);
    await next?.release();
  });

  test('take over from each other while both run, and stop when told', async () => {
    await h.watch(emitter, 0);
    const lock = new AdvisoryLeaderLock(h.database.systemUrl);
    const logger = pino({ level: 'silent' });
    const runs = await Promise.all(
      [new AbortController(), new AbortController()].map(async (stop) => {
        const follower = await h.follower();
        const done = runFollower({ follower, lock, pollMs: 20, signal: stop.signal, logger });
        return { follower, stop, done };
      }),
    );
    const leaders = () => runs.filter(({ follower }) => follower.state.position !== undefined);
    await until('one to lead', () => leaders().length === 1);
    await h.emit(emitter, 3);
    await until('the logs', async () => (await h.count('chain_logs')) === 3);
    expect(leaders()).toHaveLength(1);
    const [leader] = leaders();
    leader?.stop.abort();
    await leader?.done;
    await h.emit(emitter, 3);
    await until('the other to go on', async () => (await h.count('chain_logs')) === 6);
    for (const { stop, done } of runs) {
      stop.abort();
      await done;
    }
    await expectRecordEqualsChain();
  });
});

describe('an address that is watched late', () => {
  test('is searched from its first block, and others are not read again', async () => {
    const second = await h.deploy();
    await h.emit(emitter, 20, 2);
    await h.emit(second, 5);
    await h.watch(emitter, 0);
    const follower = await h.follower();
    await follower.tick();
    expect(await h.count('chain_logs')).toBe(40);
    await h.watch(second, 3);
    await h.emit(emitter, 4);
    h.changes.length = 0;
    await follower.tick();
    await expectRecordEqualsChain();
    await expectRecordEqualsChain(second);
    expect(await h.count('chain_logs')).toBe(49);
    expect(h.changes.map(({ touched }) => touched)).toContainEqual([second]);
    expect(await h.count('watched_addresses where caught_up')).toBe(2);
  });

  test('and that another registry watches already is recorded once', async () => {
    await h.watch(emitter, 0);
    const follower = await h.follower();
    await h.emit(emitter, 40, 2);
    await follower.tick();
    const second = await h.deploy();
    await h.emit(second, 2);
    await h.emit(emitter, 3);
    // The search begins below the other registry's first block, in a range with logs that are recorded.
    await h.watch(second, 0, SECOND_REGISTRY_ID);
    await h.watch(emitter, 40, SECOND_REGISTRY_ID);
    await (await h.follower()).tick();
    await expectRecordEqualsChain();
    await expectRecordEqualsChain(second);
    expect(await h.count('chain_logs')).toBe(85);
    expect(await h.count('watched_addresses where caught_up')).toBe(3);
  });

  test('is found out by a second endpoint if the first omits its past logs', async () => {
    await h.emit(emitter, 3);
    await h.mine(DEPTH);
    const follower = await h.follower();
    await follower.tick();
    h.fault(0, { kind: 'omitLogs' });
    await h.watch(emitter, 0);
    await follower.tick();
    await expectRecordEqualsChain();
    expect(await h.count('chain_logs')).toBe(3);
  });

  test('waits, with an alert, while no quorum confirms its past', async () => {
    await h.emit(emitter, 3);
    await h.mine(DEPTH);
    const follower = await h.follower();
    await follower.tick();
    h.fault(1, { kind: 'down' });
    await h.watch(emitter, 0);
    await follower.tick();
    expect(await h.count('chain_logs')).toBe(0);
    expect(follower.state.alert).toBeDefined();
    h.fault(1, { kind: 'none' });
    await until('the search to finish', async () => {
      await follower.tick();
      return (await h.count('chain_logs')) === 3;
    });
    expect(follower.state.alert).toBeUndefined();
  });

  test('that does not exist yet is recorded from its first log', async () => {
    const follower = await h.follower();
    await follower.tick();
    await h.watch(emitter, (await h.head()) + 2);
    await h.emit(emitter, 4);
    await follower.tick();
    expect((await h.logs(emitter)).length).toBeGreaterThanOrEqual(3);
  });
});

describe('a chain that comes back older than the record', () => {
  test('and goes another way heals as a breach, without a restart', async () => {
    await h.watch(emitter, 0);
    const snapshot = await rpc(h.anvil.url, 'evm_snapshot');
    const old = await h.head();
    const follower = await h.follower();
    await h.emit(emitter, 30);
    await follower.tick();
    expect(await h.count('chain_logs')).toBe(30);
    await rpc(h.anvil.url, 'evm_revert', [snapshot]);
    await follower.tick();
    expect(await h.breaches()).toEqual([]); // shorter, but so far the same: it may only lag
    await rpc(h.anvil.url, 'evm_increaseTime', [1_000]);
    await h.emit(emitter, 2);
    await follower.tick();
    await expectRecordEqualsChain();
    expect((await h.cursor())?.head.number).toBe(old + 2);
    expect(await h.breaches()).toEqual([expect.objectContaining({ forkBlock: old })]);
    expect(await h.count('chain_logs')).toBe(2);
    expect(follower.state.alert).toBeUndefined();
  });

  test('and shares no block with the record begins again', async () => {
    await h.watch(emitter, 0);
    const follower = await h.follower();
    await h.emit(emitter, 20);
    await follower.tick();
    await withClient(h.database.adminUrl, (client) =>
      client.query(`update chain_blocks set hash = sha256(hash)`),
    );
    await withClient(h.database.adminUrl, (client) =>
      client.query(`update chain_cursors set head_hash = sha256(head_hash), final_hash = sha256(final_hash)`),
    );
    await follower.tick();
    await follower.tick();
    await expectRecordEqualsChain();
    expect(await h.breaches()).toEqual([expect.objectContaining({ forkBlock: -1 })]);
    expect(await h.count('chain_logs')).toBe(20);
  });

  test('is not believed on the word of one endpoint of two', async () => {
    await h.watch(emitter, 0);
    const follower = await h.follower();
    await h.emit(emitter, 20);
    await follower.tick();
    const before = await h.cursor();
    h.fault(1, { kind: 'fork', fromBlock: 5 });
    await h.emit(emitter, 3);
    for (let tick = 0; tick < 3; tick += 1) await follower.tick();
    expect(await h.breaches()).toEqual([]);
    expect((await h.cursor())?.final.hash).toBe(before?.final.hash);
    expect(follower.state.alert).toMatch(/contradicts a block/);
    await expectRecordEqualsChain();
  });
});

describe('the hash history', () => {
  test('of a chain with the finalized tag is followed by that tag', async () => {
    await h.watch(emitter, 0);
    const follower = await h.follower('finalized');
    await h.emit(emitter, 70);
    await follower.tick();
    const tag = (await rpc(h.anvil.url, 'eth_getBlockByNumber', ['finalized', false])) as { number: Hex };
    expect((await h.cursor())?.final.number).toBe(Number(tag.number));
    await expectRecordEqualsChain();
  });
});

describe('the tables', () => {
  test('are written by the system role alone; the application role reads public chain data and its own watches', async () => {
    await h.watch(emitter, 0);
    await withClient(h.database.appUrl, async (client) => {
      for (const table of ['chain_logs', 'chain_cursors', 'chain_breaches', 'chain_blocks']) {
        await expect(client.query(`delete from ${table}`)).rejects.toMatchObject({ code: '42501' });
      }
      await client.query('begin');
      await client.query("select set_config('app.tenant_id', gen_random_uuid()::text, true)");
      expect((await client.query('select * from watched_addresses')).rowCount).toBe(0);
      await expect(client.query('update watched_addresses set caught_up = true')).rejects.toMatchObject({
        code: '42501',
      });
      await client.query('rollback');
    });
    expect(await h.count('watched_addresses')).toBe(1);
  });
});
