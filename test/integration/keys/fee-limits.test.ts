import { evmChainId } from '../../../schema/caip';
import type { TenantId } from '../../../schema/ids';
import { BUMP_AFTER_MS, CHAIN_ID, ETHER, TransactionHarness } from '../transactions/harness';

const GWEI = 10n ** 9n;

let h: TransactionHarness;
beforeAll(async () => {
  h = await TransactionHarness.start();
});
afterAll(() => h.stop());

/** In wei; null for no limit. */
const limit = (tenantId: TenantId, perGas: bigint | null, total: bigint | null = null) =>
  h.feeLimits().set(tenantId, {
    chainId: CHAIN_ID,
    maxFeePerGasWei: perGas === null ? null : String(perGas),
    maxTotalFeeWei: total === null ? null : String(total),
  });
const baseFee = async (wei: bigint) => {
  await h.chain.setNextBlockBaseFeePerGas({ baseFeePerGas: wei });
  await h.mine();
};

test('what would cost more than the limit, bridge fee included, is held unsigned, and goes out once it is raised', async () => {
  const { tenantId } = await h.tenant();
  await limit(tenantId, null, ETHER / 2n);
  const manager = h.manager();
  const before = await h.paid();
  const dear = await manager.submit({
    ...h.payment(tenantId, 'dear'),
    to: `0x${'33'.repeat(20)}`,
    valueWei: ETHER,
  });
  expect(dear).toMatchObject({
    state: 'held',
    attempts: [],
    overLimit: { kind: 'TOTAL_FEE', limitWei: ETHER / 2n },
  });
  expect(dear.overLimit?.neededWei).toBeGreaterThan(ETHER);

  // One that costs less passes it by, sent later or held as well.
  expect(await manager.submit(h.payment(tenantId, 'cheap'))).toMatchObject({ state: 'broadcast', nonce: 0 });
  const { version } = dear;
  await h.mine();
  await manager.tick(CHAIN_ID);
  expect(await manager.find(tenantId, 'dear')).toMatchObject({ state: 'held', version });

  await limit(tenantId, null, 2n * ETHER);
  await h.settle(manager);
  expect(await manager.find(tenantId, 'dear')).toMatchObject({ state: 'final', nonce: 1 });
  expect(await h.paid()).toBe(before + 1);
});

test('a held one that is over the limit lets later ones pass that are not', async () => {
  const { tenantId, account } = await h.tenant(0n);
  const manager = h.manager();
  await limit(tenantId, null, ETHER / 2n);
  await manager.submit({ ...h.payment(tenantId, 'dear'), valueWei: ETHER });
  expect(await manager.submit(h.payment(tenantId, 'poor'))).toMatchObject({
    state: 'held',
    missingWei: expect.anything(),
  });
  await h.chain.setBalance({ address: account, value: 10n * ETHER });
  await manager.tick(CHAIN_ID);
  expect(await manager.find(tenantId, 'poor')).toMatchObject({ state: 'broadcast' });
  await limit(tenantId, null);
  await h.settle(manager);
});

test('while gas is dearer than the limit nothing is signed, and what is signed never offers more', async () => {
  const { tenantId } = await h.tenant();
  await limit(tenantId, 50n * GWEI);
  await baseFee(60n * GWEI);
  const manager = h.manager();
  expect(await manager.submit(h.payment(tenantId, 'dear gas'))).toMatchObject({
    state: 'held',
    overLimit: { kind: 'FEE_PER_GAS', limitWei: 50n * GWEI, neededWei: 60n * GWEI },
  });
  await baseFee(40n * GWEI);
  await manager.tick(CHAIN_ID);
  const sent = await manager.find(tenantId, 'dear gas');
  expect(sent).toMatchObject({ state: 'broadcast', attempts: [{ maxFeePerGasWei: 50n * GWEI }] });
  expect(sent?.overLimit).toBeUndefined();
  await h.settle(manager);
});

test('fees are not raised over either limit, and are once it is raised', async () => {
  const { tenantId } = await h.tenant();
  await baseFee(10n * GWEI);
  const manager = h.manager();
  const [first] = (await manager.submit(h.payment(tenantId, 'slow'))).attempts;
  const worstWei = (first?.maxFeePerGasWei ?? 0n) * (first?.gas ?? 0n);
  /** What the attempts offer per unit of gas after another one was due, in gwei. */
  const offered = async () => {
    await baseFee(100n * GWEI);
    h.clock.nowMs += BUMP_AFTER_MS;
    await manager.tick(CHAIN_ID);
    const attempts = (await manager.find(tenantId, 'slow'))?.attempts ?? [];
    return attempts.slice(1).map(({ maxFeePerGasWei }) => Number(maxFeePerGasWei / GWEI));
  };
  await limit(tenantId, null, worstWei * 2n);
  expect(await offered()).toEqual([]);
  await limit(tenantId, 90n * GWEI);
  expect(await offered()).toEqual([90]);
  expect(await offered()).toEqual([90]);
  await limit(tenantId, 150n * GWEI, worstWei * 100n);
  expect(await offered()).toEqual([90, 150]);
  await baseFee(10n * GWEI);
  await h.settle(manager);
});

test("a tenant's limit is its own, and each chain has one", async () => {
  const [frugal, other] = [await h.tenant(), await h.tenant()];
  await limit(frugal.tenantId, 1n, 1n);
  await expect(
    h
      .feeLimits()
      .set(frugal.tenantId, { chainId: evmChainId(1), maxFeePerGasWei: null, maxTotalFeeWei: null }),
  ).rejects.toMatchObject({ code: 'CHAIN_NOT_SUPPORTED' });
  const manager = h.manager();
  expect(await manager.submit(h.payment(frugal.tenantId, 'x'))).toMatchObject({ state: 'held' });
  expect(await manager.submit(h.payment(other.tenantId, 'x'))).toMatchObject({ state: 'broadcast' });
  expect(await h.feeLimits().all(other.tenantId)).toEqual([]);
  await limit(frugal.tenantId, null);
  expect(await h.feeLimits().all(frugal.tenantId)).toEqual([]);
  await h.settle(manager);
});
