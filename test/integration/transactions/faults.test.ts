import type { Address } from 'viem';
import { TransactionState } from '../../../chains/transactions/transaction';
import type { TransactionManager } from '../../../chains/transactions/transaction-manager';
import { BUMP_AFTER_MS, CHAIN_ID, ETHER, FINALITY_DEPTH, ONCE_CODE, TransactionHarness } from './harness';

const ONCE: Address = '0x0000000000000000000000000000000000000ce0';
const GWEI = 10n ** 9n;

describe('tick', () => {
  let h: TransactionHarness;
  let manager: TransactionManager;
  beforeAll(async () => {
    h = await TransactionHarness.start();
  });
  beforeEach(() => {
    manager = h.manager();
    h.problems.length = 0;
  });
  afterAll(() => h.stop());

  async function mineAndTick(blocks = 1): Promise<void> {
    for (let mined = 0; mined < blocks; mined += 1) {
      await h.mine();
      await manager.tick(CHAIN_ID);
    }
  }

  test('fees are raised by at least 12.5 % when the base fee outgrows them, and the intent has one effect', async () => {
    const { tenantId } = await h.tenant();
    const before = await h.paid();
    await manager.submit(h.payment(tenantId, 'outgrown'));
    await h.chain.setNextBlockBaseFeePerGas({ baseFeePerGas: 20n * GWEI });
    await mineAndTick();
    expect(await h.paid()).toBe(before);

    h.clock.nowMs += BUMP_AFTER_MS;
    await h.settle(manager);

    const { attempts = [], state, nonce } = (await manager.find(tenantId, 'outgrown')) ?? {};
    const [first, second] = attempts;
    expect({ state, nonce, attempts: attempts.length }).toEqual({ state: 'final', nonce: 0, attempts: 2 });
    expect(second?.nonce).toBe(first?.nonce);
    expect((second?.maxFeePerGasWei ?? 0n) * 8n).toBeGreaterThanOrEqual((first?.maxFeePerGasWei ?? 0n) * 9n);
    expect((second?.maxPriorityFeePerGasWei ?? 0n) * 8n).toBeGreaterThanOrEqual(
      (first?.maxPriorityFeePerGasWei ?? 0n) * 9n,
    );
    expect(await h.paid()).toBe(before + 1);
    await h.chain.setNextBlockBaseFeePerGas({ baseFeePerGas: GWEI });
    await h.mine();
  });

  test('fees are not raised while no block is mined: no fee would help', async () => {
    const { tenantId } = await h.tenant();
    await manager.submit(h.payment(tenantId, 'paused'));
    h.clock.nowMs += 10 * BUMP_AFTER_MS;
    await manager.tick(CHAIN_ID);
    expect((await manager.find(tenantId, 'paused'))?.attempts).toHaveLength(1);
    await h.settle(manager);
  });

  test('fees are never raised above the cap', async () => {
    const { tenantId } = await h.tenant();
    const capWei = 5n * GWEI;
    const frugal = h.manager({ maxFeePerGasCapWei: capWei });
    await frugal.submit(h.payment(tenantId, 'capped'));
    for (let round = 0; round < 10; round += 1) {
      await h.chain.setNextBlockBaseFeePerGas({ baseFeePerGas: 20n * GWEI });
      await h.mine();
      h.clock.nowMs += BUMP_AFTER_MS;
      await frugal.tick(CHAIN_ID);
    }
    const fees = (await manager.find(tenantId, 'capped'))?.attempts.map((attempt) => attempt.maxFeePerGasWei);
    expect(fees?.length).toBeGreaterThan(1);
    expect(fees?.filter((fee) => fee > capWei)).toEqual([]);

    await h.chain.setNextBlockBaseFeePerGas({ baseFeePerGas: GWEI });
    await h.settle(frugal);
  });

  test('after an outside transaction took its nonce an intent waits for that one to be final, then goes out once', async () => {
    const { tenantId } = await h.tenant();
    const before = await h.paid();
    await manager.submit(h.payment(tenantId, 'outbid'));
    const outside = await h.sendFromOutside(tenantId, { nonce: 0 });

    await mineAndTick(FINALITY_DEPTH);
    expect(await manager.find(tenantId, 'outbid')).toMatchObject({
      state: TransactionState.Replaced,
      nonce: 0,
      replacedBy: outside,
    });
    expect(await h.paid()).toBe(before);

    await h.settle(manager);
    const settled = await manager.find(tenantId, 'outbid');
    expect(settled).toMatchObject({ state: TransactionState.Final, nonce: 1 });
    expect(settled?.attempts.map(({ nonce }) => nonce)).toEqual([0, 1]);
    expect(h.sink.statesOf('outbid')).toEqual([
      'prepared',
      'broadcast',
      'replaced',
      'prepared',
      'broadcast',
      'mined',
      'final',
    ]);
    expect(await h.paid()).toBe(before + 1);
  });

  test('when the outside transaction is reorganised away, the intent goes out under its first nonce', async () => {
    const { tenantId, account } = await h.tenant();
    const before = await h.paid();
    await manager.submit(h.payment(tenantId, 'came back'));
    const outside = await h.sendFromOutside(tenantId, { nonce: 0 });
    await mineAndTick();
    expect((await manager.find(tenantId, 'came back'))?.state).toBe(TransactionState.Replaced);

    await h.reorg(1);
    await h.chain.dropTransaction({ hash: outside });
    await h.settle(manager);

    expect(await manager.find(tenantId, 'came back')).toMatchObject({
      state: TransactionState.Final,
      nonce: 0,
    });
    expect(await h.chain.getTransactionCount({ address: account })).toBe(1);
    expect(await h.paid()).toBe(before + 1);
  });

  test('an intent that the contract refuses when it is to be signed anew is dropped with the reason', async () => {
    const { tenantId, account } = await h.tenant();
    await h.chain.setCode({ address: ONCE, bytecode: ONCE_CODE });
    await manager.submit({ ...h.payment(tenantId, 'too late'), to: ONCE, valueWei: 0n });
    await h.sendFromOutside(tenantId, { nonce: 0, to: ONCE });
    await h.settle(manager);

    expect(await manager.find(tenantId, 'too late')).toMatchObject({
      state: TransactionState.Dropped,
      revertData: '0xdeadbeef',
    });
    expect(await h.chain.getTransactionCount({ address: account })).toBe(1);
  });

  test('a transaction that ran and failed is mined without success, with the reason', async () => {
    const [{ tenantId }, other] = [await h.tenant(), await h.tenant()];
    const once: Address = '0x0000000000000000000000000000000000000ce1';
    await h.chain.setCode({ address: once, bytecode: ONCE_CODE });
    await manager.submit({ ...h.payment(tenantId, 'overtaken'), to: once, valueWei: 0n });
    const pending = await manager.find(tenantId, 'overtaken');
    const { hash, raw } = pending?.attempts[0] ?? { hash: '0x', raw: '0x' };
    await h.chain.dropTransaction({ hash });
    await h.sendFromOutside(other.tenantId, { nonce: 0, to: once });
    await h.mine();
    await h.chain.sendRawTransaction({ serializedTransaction: raw });
    await h.settle(manager);

    expect(await manager.find(tenantId, 'overtaken')).toMatchObject({
      state: TransactionState.Final,
      inclusion: { hash, succeeded: false },
      revertData: '0xdeadbeef',
    });
  });

  test('a mined transaction that a reorg drops is pending again, and mined again with one effect', async () => {
    const { tenantId, account } = await h.tenant();
    const before = await h.paid();
    await manager.submit(h.payment(tenantId, 'reorged'));
    await mineAndTick();
    expect((await manager.find(tenantId, 'reorged'))?.state).toBe(TransactionState.Mined);

    await h.reorg(1);
    expect(await h.paid()).toBe(before);
    await manager.tick(CHAIN_ID);
    expect((await manager.find(tenantId, 'reorged'))?.state).toBe(TransactionState.Broadcast);

    await h.settle(manager);
    expect(await manager.find(tenantId, 'reorged')).toMatchObject({
      state: TransactionState.Final,
      nonce: 0,
    });
    expect(await h.chain.getTransactionCount({ address: account })).toBe(1);
    expect(await h.paid()).toBe(before + 1);
  });

  test('a final transaction that a broken promise of finality drops is sent again once it is reopened', async () => {
    const { tenantId } = await h.tenant();
    const before = await h.paid();
    await manager.submit(h.payment(tenantId, 'breached'));
    await h.settle(manager);
    const final = await manager.find(tenantId, 'breached');
    const minedAt = final?.inclusion?.blockNumber ?? 0n;

    const head = await h.chain.getBlockNumber();
    await h.reorg(Number(head - minedAt) + 1);
    expect(await h.paid()).toBe(before);
    await manager.reopen(CHAIN_ID, minedAt);
    await h.settle(manager);

    expect(await manager.find(tenantId, 'breached')).toMatchObject({
      state: TransactionState.Final,
      nonce: 0,
    });
    expect(await h.paid()).toBe(before + 1);
  });

  test('a transaction that the network forgot is broadcast again', async () => {
    const { tenantId } = await h.tenant();
    const before = await h.paid();
    const sent = await manager.submit(h.payment(tenantId, 'forgotten'));
    await h.chain.dropTransaction({ hash: sent.attempts[0]?.hash ?? '0x' });
    await mineAndTick();
    expect(await h.paid()).toBe(before);
    await h.settle(manager);

    expect((await manager.find(tenantId, 'forgotten'))?.attempts).toHaveLength(1);
    expect(await h.paid()).toBe(before + 1);
  });

  test('a nonce that an outside transaction left empty is filled by a self-transfer, so that ours go on', async () => {
    const { tenantId, account } = await h.tenant();
    const before = await h.paid();
    const outside = await h.sendFromOutside(tenantId, { nonce: 0 });
    expect((await manager.submit(h.payment(tenantId, 'behind a gap'))).nonce).toBe(1);
    await h.chain.dropTransaction({ hash: outside });
    await h.settle(manager);

    expect((await manager.find(tenantId, 'behind a gap'))?.state).toBe(TransactionState.Final);
    expect(await h.chain.getTransactionCount({ address: account })).toBe(2);
    expect(h.sink.seen.filter(({ fillsGap, state }) => fillsGap && state === 'final')).toHaveLength(1);
    expect(await h.paid()).toBe(before + 1);
  });

  test('a signed transaction whose money went away is held under its nonce, and goes out after funding', async () => {
    const { tenantId, account } = await h.tenant(2n * ETHER);
    const before = await h.paid();
    const sent = await manager.submit({ ...h.payment(tenantId, 'robbed'), valueWei: ETHER });
    await h.chain.dropTransaction({ hash: sent.attempts[0]?.hash ?? '0x' });
    await h.chain.setBalance({ address: account, value: 0n });
    await mineAndTick();
    const held = await manager.find(tenantId, 'robbed');
    expect(held).toMatchObject({ state: TransactionState.Held, nonce: 0 });
    expect(held?.missingWei).toBeGreaterThan(ETHER);

    await h.chain.setBalance({ address: account, value: 2n * ETHER });
    await h.settle(manager);
    expect(await manager.find(tenantId, 'robbed')).toMatchObject({ state: TransactionState.Final, nonce: 0 });
    expect(await h.paid()).toBe(before + Number(ETHER));
  });

  test("one tenant's trouble leaves the others alone", async () => {
    const [broken, sound] = [await h.tenant(), await h.tenant()];
    await manager.submit(h.payment(broken.tenantId, 'broken'));
    await manager.submit(h.payment(sound.tenantId, 'sound'));
    await h.mine();
    h.sink.failFor = broken.tenantId;
    await manager.tick(CHAIN_ID);
    h.sink.failFor = undefined;

    expect((await manager.find(sound.tenantId, 'sound'))?.state).toBe(TransactionState.Mined);
    expect(h.problems).toEqual([new Error('the sink fails')]);
    await h.settle(manager);
    expect((await manager.find(broken.tenantId, 'broken'))?.state).toBe(TransactionState.Final);
  });
});
