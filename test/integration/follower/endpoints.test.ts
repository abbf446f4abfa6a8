import type { Hex } from 'viem';
import { EvmClient } from '../../../chains/evm/rpc/evm-client';
import { until } from '../../devnet/polling';
import { chainOf, DEPTH, FollowerHarness } from './harness';

let h: FollowerHarness;
let emitter: Hex;

async function start(endpoints: number): Promise<void> {
  h = await FollowerHarness.start(endpoints);
  emitter = await h.deploy();
  await h.mine(2 * DEPTH);
  await h.watch(emitter, 0);
}

afterEach(async () => {
  await h.stop();
});

async function expectRecordEqualsChain(): Promise<void> {
  expect(await h.recordedLogs(emitter)).toEqual(await h.chainLogs(emitter));
}

const finalNumber = async () => (await h.cursor())?.final.number;

describe('finality by quorum', () => {
  test('of two endpoints, the loss of one holds finality and alerts; its return releases both', async () => {
    await start(2);
    const follower = await h.follower();
    await follower.tick();
    const final = await finalNumber();
    h.fault(1, { kind: 'down' });
    await h.emit(emitter, 5);
    await follower.tick();
    expect(await finalNumber()).toBe(final);
    expect(await h.recordedLogs(emitter)).toHaveLength(5);
    expect((await h.cursor())?.alert).toContain('finality is held: 1 of the 2 endpoints needed answer');
    h.fault(1, { kind: 'none' });
    await until('finality to go on', async () => {
      await follower.tick();
      return (await finalNumber()) === (await h.head()) - DEPTH;
    });
    expect((await h.cursor())?.alert).toBeUndefined();
    expect(follower.state.alert).toBeUndefined();
    await expectRecordEqualsChain();
  });

  test('of three endpoints, two suffice', async () => {
    await start(3);
    h.fault(2, { kind: 'down' });
    const follower = await h.follower();
    await follower.tick();
    await h.emit(emitter, 20);
    await follower.tick();
    expect(await finalNumber()).toBe((await h.head()) - DEPTH);
    expect(follower.state.alert).toBeUndefined();
    await expectRecordEqualsChain();
  });

  test('one that is configured alone suffices, and its blocks are proven by receipts', async () => {
    await start(1);
    const follower = await h.follower();
    await follower.tick();
    h.fault(0, { kind: 'omitLogs' });
    await h.emit(emitter, 12, 2);
    await follower.tick();
    expect(await h.recordedLogs(emitter)).toEqual(
      (await h.chainLogs(emitter)).filter((_, index) => index < 8),
    );
    expect(await finalNumber()).toBe((await h.head()) - DEPTH);
  });
});

test('a node that bears only short ranges is asked for ever shorter ones in the same tick', async () => {
  await start(1);
  const follower = await h.follower();
  await follower.tick();
  h.fault(0, { kind: 'limitLogs', blocks: 3 });
  await h.emit(emitter, 20);
  await follower.tick();
  expect(follower.state.alert).toBeUndefined();
  expect(await h.recordedLogs(emitter)).toHaveLength(20);
  await expectRecordEqualsChain();
});

test('blocks of more than 128 transactions are proven by their receipts', async () => {
  await start(1);
  const follower = await h.follower();
  await follower.tick();
  h.fault(0, { kind: 'omitLogs' });
  await h.emit(emitter, 1, 140);
  await h.mine(DEPTH);
  await follower.tick();
  await expectRecordEqualsChain();
  expect(await h.count('chain_logs')).toBe(140);
});

describe.each([2, 3])('with one liar among %i endpoints', (endpoints) => {
  test.each([0, 1])('a forked endpoint %i never makes a false block final', async (liar) => {
    await start(endpoints);
    const follower = await h.follower();
    await follower.tick();
    const fork = await h.head();
    h.fault(liar, { kind: 'fork', fromBlock: fork + 1 });
    await h.emit(emitter, 20);
    for (let tick = 0; tick < 4; tick += 1) await follower.tick();
    const final = await finalNumber();
    if (endpoints === 2) {
      expect(final).toBeLessThanOrEqual(fork);
      expect(follower.state.alert).toMatch(/disagree|contradicts/);
    } else {
      expect(final).toBe((await h.head()) - DEPTH);
      await expectRecordEqualsChain();
    }
    h.fault(liar, { kind: 'none' });
    await until('all to agree again', async () => {
      await follower.tick();
      return follower.state.alert === undefined;
    });
    await expectRecordEqualsChain();
    expect(await finalNumber()).toBe((await h.head()) - DEPTH);
    expect(await h.breaches()).toEqual([]);
  });

  test.each([0, 1])('a false hash from endpoint %i is not recorded as final', async (liar) => {
    await start(endpoints);
    const follower = await h.follower();
    await follower.tick();
    h.fault(liar, { kind: 'wrongBlockHash', fromBlock: (await h.head()) + 3 });
    await h.emit(emitter, 20);
    for (let tick = 0; tick < 4; tick += 1) await follower.tick();
    h.fault(liar, { kind: 'none' });
    await until('all to agree again', async () => {
      await follower.tick();
      return follower.state.alert === undefined && (await finalNumber()) === (await h.head()) - DEPTH;
    });
    await expectRecordEqualsChain();
    expect(await h.breaches()).toEqual([]);
  });

  test.each([
    ['omits', 0, { kind: 'omitLogs' }],
    ['omits', 1, { kind: 'omitLogs' }],
    ['alters', 0, { kind: 'alterLogs' }],
    ['alters', 1, { kind: 'alterLogs' }],
  ] as const)('one that %s logs (endpoint %i) is found out before finality', async (_what, liar, fault) => {
    await start(endpoints);
    const follower = await h.follower();
    await follower.tick();
    h.fault(liar, fault);
    await h.emit(emitter, 3, 2);
    await follower.tick();
    await h.emit(emitter, 3, 2);
    await h.mine(DEPTH);
    await follower.tick();
    expect(await finalNumber()).toBe((await h.head()) - DEPTH);
    await expectRecordEqualsChain();
    expect(await h.count('chain_logs')).toBe(12);
  });
});

describe('an endpoint that', () => {
  test('lags is not a reorg', async () => {
    await start(2);
    const follower = await h.follower();
    await h.emit(emitter, 4);
    await follower.tick();
    const head = await h.head();
    h.fault(0, { kind: 'lag', blocks: 3 });
    h.fault(1, { kind: 'lag', blocks: 2 });
    await follower.tick();
    expect((await h.cursor())?.head.number).toBe(head);
    expect(await h.count('chain_logs')).toBe(4);
    expect(await h.breaches()).toEqual([]);
    expect(follower.state.alert).toBeUndefined();
  });

  test.each([
    ['answers 429', { kind: 'rateLimit', retryAfterSeconds: 0 }],
    ['hangs', { kind: 'hang' }],
  ] as const)('%s does not stop the record', async (_what, fault) => {
    await start(3);
    const follower = await h.follower();
    await follower.tick();
    h.fault(0, fault);
    await h.emit(emitter, 12);
    await follower.tick();
    await expectRecordEqualsChain();
    expect(await finalNumber()).toBe((await h.head()) - DEPTH);
  });

  test('serves another chain is refused and named without its URL', async () => {
    await start(2);
    h.fault(1, { kind: 'wrongChainId', eip155: 5 });
    const follower = await h.follower();
    await follower.tick();
    expect(await h.cursor()).toBeUndefined();
    expect(follower.state.alert).toContain('endpoint #1 (127.0.0.1)');
    expect(follower.state.alert).toContain('serves another chain');
    expect(follower.state.alert).not.toContain('secret-key');
    h.fault(1, { kind: 'none' });
    await until('the record to begin', async () => {
      await follower.tick();
      return follower.state.alert === undefined && (await h.cursor()) !== undefined;
    });
  });
});

describe('the RPC client', () => {
  const limits = { timeoutMs: 500, tenantCallsPerSecond: 1_000, rounds: 3, maxBackOffMs: 200 };
  const read = { method: 'eth_blockNumber', params: [] };

  test.each([
    { kind: 'down' },
    { kind: 'hang' },
    { kind: 'rateLimit', retryAfterSeconds: 1 },
    { kind: 'wrongChainId', eip155: 5 },
  ] as const)('falls over to the next endpoint from one with $kind', async (fault) => {
    await start(2);
    h.fault(0, fault);
    const client = new EvmClient(chainOf(h.urls, 'finalized'), limits);
    expect(Number(await client.request(read))).toBe(await h.head());
    expect(Number(await client.public.getBlockNumber())).toBe(await h.head());
    client.close();
  });

  test.each([
    [{ kind: 'down' }, 'RPC_UNAVAILABLE'],
    [{ kind: 'hang' }, 'RPC_UNAVAILABLE'],
    [{ kind: 'wrongChainId', eip155: 5 }, 'RPC_WRONG_CHAIN'],
  ] as const)('fails with a code and no URL when all endpoints have %o', async (fault, code) => {
    await start(1);
    h.fault(0, fault);
    const client = new EvmClient(chainOf(h.urls, 'finalized'), limits);
    const error = await client.request(read).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code, retryable: true });
    expect(`${error} ${JSON.stringify(error)} ${(error as Error).cause}`).not.toContain('secret-key');
    client.close();
  });

  test('broadcasts to all, and a transaction that is already known is a success', async () => {
    await start(2);
    h.fault(0, { kind: 'down' });
    const client = new EvmClient(chainOf(h.urls, 'finalized'), limits);
    const raw = await h.signedTransfer();
    const hash = await client.broadcast(raw);
    h.fault(0, { kind: 'none' });
    expect(await client.broadcast(raw)).toBe(hash);
    await h.mine(1);
    expect(await client.broadcast(raw)).toBe(hash);
    expect((await client.public.getTransactionReceipt({ hash })).status).toBe('success');
    client.close();
  });
});
