import type { Hex } from 'viem';
import { CHAIN_ID, DEPTH, FollowerHarness } from './harness';

let h: FollowerHarness;
let emitter: Hex;

beforeEach(async () => {
  h = await FollowerHarness.start(2);
  emitter = await h.deploy();
  await h.mine(DEPTH);
  await h.watch(emitter, 0);
});

afterEach(async () => {
  await h.stop();
});

async function expectRecordEqualsChain(): Promise<void> {
  expect(await h.recordedLogs(emitter)).toEqual(await h.chainLogs(emitter));
  expect((await h.cursor())?.head.number).toBe(await h.head());
}

describe('the block follower', () => {
  test('records every log once, provisionally at the head and finally at the depth', async () => {
    const follower = await h.follower();
    await follower.tick();
    await h.emit(emitter, 12, 3);
    await follower.tick();
    await expectRecordEqualsChain();
    expect(await h.count('chain_logs')).toBe(36);
    expect((await h.cursor())?.final.number).toBe((await h.head()) - DEPTH);
    expect(follower.state.alert).toBeUndefined();
  });

  test.each([1, 3, 50])('heals a reorg of %i unfinalised blocks without a restart', async (depth) => {
    const follower = await h.follower({ depthBlocks: 60 });
    await h.mine(60);
    await follower.tick();
    await h.emit(emitter, 52);
    await follower.tick();
    expect(await h.count('chain_logs')).toBe(52);
    await h.reorg(depth);
    await h.emit(emitter, 1);
    await follower.tick();
    await expectRecordEqualsChain();
    expect(await h.count('chain_logs')).toBe(52 - depth + 1);
    expect(await h.breaches()).toEqual([]);
    expect(h.changes.at(-1)).toMatchObject({ chainId: CHAIN_ID, touched: [emitter] });
  });

  test('survives a reorg past finality: follows the new chain, lowers final, records the breach', async () => {
    const follower = await h.follower();
    await h.mine(DEPTH);
    await follower.tick();
    await h.emit(emitter, 20);
    await follower.tick();
    const before = await h.cursor();
    const fork = (await h.head()) - 15;
    await h.reorg(15);
    await h.emit(emitter, 1);
    await follower.tick();
    await expectRecordEqualsChain();
    expect(await h.count('chain_logs')).toBe(6);
    expect(await h.breaches()).toEqual([expect.objectContaining({ forkBlock: fork })]);
    expect(h.changes.find(({ breach }) => breach !== undefined)).toMatchObject({
      breach: { forkBlock: fork },
      touched: [emitter],
    });
    expect((await h.cursor())?.final.number).toBe((await h.head()) - DEPTH);
    expect(before?.final.number).toBeGreaterThan(fork);
    await h.emit(emitter, 2);
    await follower.tick();
    await expectRecordEqualsChain();
    expect(await h.breaches()).toHaveLength(1);
  });
});
