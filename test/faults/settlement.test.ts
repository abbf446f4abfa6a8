import { getAddress } from 'viem';
import type { Balance } from '../../domain/ledger/ledger-repository';
import { type ChainId, evmAccountId } from '../../schema/caip';
import type { Settlement } from '../../schema/types/settlement';
import { ProcessCrew } from '../support/processes';
import { SEAPORT } from '../support/seaport-market';
import { Till } from '../support/till';
import { TravelHarness } from '../support/travel';
import { Gallery } from '../support/travel-gallery';
import { ALL_CHAINS, BASE, HOME, MOONBEAM, until } from '../support/travel-steps';
import { describeSales } from './scenarios/sales';

// Wallets that pay for nothing themselves: what they have is what they were paid.
const ARTIST = getAddress('0x00000000000000000000000000000000a27157aa');
const HEIR = getAddress('0x000000000000000000000000000000000000e112');
const COIN = 10n ** 18n;

let harness: TravelHarness;
let gallery: Gallery;
let till: Till;
/** What the tenant's own account had on the mirrors before, in wei. */
let purses: readonly bigint[];

beforeAll(async () => {
  harness = await TravelHarness.start({ chains: { seaport: [SEAPORT] } });
  gallery = await Gallery.open(harness, { artistAccount: evmAccountId(HOME, ARTIST) });
  till = await Till.open(harness, gallery, [
    { account: evmAccountId(HOME, ARTIST), bps: 7_000 },
    { account: evmAccountId(HOME, HEIR), bps: 3_000 },
  ]);
  purses = await pursesNow();
}, 300_000);
afterAll(async () => {
  await harness?.stop();
}, 60_000);

/** There it pays for nothing but settlements. */
const MIRRORS = [BASE, MOONBEAM] as const;
const pursesNow = () => all(MIRRORS.map((chainId) => till.wallet(chainId, 'native', gallery.account)));

function isCost({ kind, chainId }: Balance, of: ChainId): boolean {
  return kind === 'BRIDGE_COST' && chainId === of;
}

function only(settlements: readonly Settlement[]): Settlement {
  const [settlement, ...more] = settlements;
  if (settlement === undefined || more.length > 0) throw new Error('one settlement was expected');
  return settlement;
}
const all = <Value>(values: readonly Promise<Value>[]) => Promise.all(values);

test('what was paid in dollars on two mirrors is credited on home, over CCIP and over LayerZero, to the unit', async () => {
  await all([till.sell(BASE, 'dollar', 60_000_001n), till.sell(MOONBEAM, 'dollar', 99_999_999n)]);
  // Two sales on one chain go in one message.
  await till.sell(BASE, 'dollar', 40_000_000n);
  const [overCcip, overLayerZero] = await Promise.all([
    till.settle({ sourceChainId: BASE, lane: 'CCIP' }, 70_000_001n, 30_000_000n),
    till.settle({ sourceChainId: MOONBEAM, lane: 'LAYERZERO' }, 69_999_999n, 30_000_000n),
  ]);
  const ended = await all([...overCcip, ...overLayerZero].map(({ id }) => till.ended(id)));
  expect(ended.map(({ state, route, amount }) => [state, route, amount])).toEqual([
    ['CREDITED', 'CCIP', '100000001'],
    ['CREDITED', 'LAYERZERO', '99999999'],
  ]);
  for (const { credits } of ended)
    expect(credits.map(({ received }) => received)).toEqual(credits.map(({ amount }) => amount));
}, 180_000);

test('what has arrived is paid out at once: the wallets have what the split says, to the unit', async () => {
  const asked = await till.settle({ sourceChainId: HOME }, 140_000_000n, 60_000_000n);
  const ended = await all(asked.map(({ id }) => till.ended(id)));
  expect(ended.map(({ state, route }) => [state, route])).toEqual(Array(2).fill(['CREDITED', 'LOCAL']));
  expect(await till.wallet(HOME, 'dollar', ARTIST)).toBe(140_000_000n);
  expect(await till.wallet(HOME, 'dollar', HEIR)).toBe(60_000_000n);
}, 120_000);

test('native money is paid out on its payee’s chain, and stays claimable on another, to the wei', async () => {
  await all([till.sell(HOME, 'native', COIN + 1n), till.sell(BASE, 'native', COIN)]);
  const [artist, heir] = [(COIN * 7n) / 10n + 1n, (COIN * 3n) / 10n];
  const asked = await till.settle({}, artist, heir, (COIN * 7n) / 10n, heir);
  expect(asked.map(({ sourceChainId }) => sourceChainId)).toEqual([HOME, HOME]);
  await all(asked.map(({ id }) => till.ended(id)));
  await expect(till.settle({ sourceChainId: BASE }, (COIN * 7n) / 10n, heir)).rejects.toMatchObject({
    code: 'SETTLEMENT_NO_ROUTE',
  });
  expect(await till.wallet(HOME, 'native', ARTIST)).toBe(artist);
  expect(await till.wallet(HOME, 'native', HEIR)).toBe(heir);
  expect(await till.wallet(BASE, 'native', till.vault(BASE))).toBe(COIN);
}, 120_000);

test('a message that the network loses is executed by the worker, once', async () => {
  await harness.devnet.setDeliveryFaults('ccip', { loseNext: 1 });
  await till.sell(BASE, 'dollar', 50_000_001n);
  const artist = { payee: evmAccountId(HOME, ARTIST), sourceChainId: BASE, lane: 'CCIP' } as const;
  // Native money has no route, and is left where it is.
  const dollars = only(await till.settle(artist, (COIN * 7n) / 10n, 35_000_001n));
  expect(await till.ended(dollars.id)).toMatchObject({
    state: 'CREDITED',
    credits: [{ payee: evmAccountId(HOME, ARTIST), received: '35000001' }],
  });
}, 180_000);

test('a worker that is killed after its transaction has left doubles nothing', async () => {
  await till.sell(MOONBEAM, 'dollar', 80_000_000n);
  await harness.stopWorkers();
  const crew = new ProcessCrew(harness.environment, harness.folder);
  const doomed = await crew.start('worker', { killAt: 'transaction.after-broadcast' });
  const asked = only(await till.settle({ sourceChainId: MOONBEAM }, 56_000_000n, 24_000_000n));
  expect(await doomed.ended()).toMatchObject({ signal: 'SIGKILL' });
  await harness.startWorkers();
  expect(await till.ended(asked.id)).toMatchObject({ state: 'CREDITED', amount: '80000000' });
}, 240_000);

test('after all of it each settlement has left once, the books balance, and vaults and purses have what they say', async () => {
  expect((await till.remitted(BASE)).length).toBe(2);
  expect((await till.remitted(MOONBEAM)).length).toBe(2);
  const lines = await until('the books agree', async () => {
    const told = await harness.domain.reconciliations.reconcile(gallery.tenantId, gallery.registryId);
    return told.every(({ balanced }) => balanced) && told;
  });
  expect(lines.map(({ booked, balance }) => booked === balance)).toEqual(lines.map(() => true));
  expect(new Set(lines.map(({ chainId }) => chainId))).toEqual(new Set(ALL_CHAINS));
  const left = await pursesNow();
  const spent = purses.map((before, index) => before - (left[index] ?? 0n));
  // Costs are posted once a settlement is over: fees of both bridges and all gas, to the wei.
  const balances = await until('the books have what was spent', async () => {
    const now = await harness.foundations.tenants.transaction(gallery.tenantId, (tx) =>
      till.ledger.balances(tx),
    );
    const costs = MIRRORS.map((chainId) => now.find((one) => isCost(one, chainId))?.balance);
    return String(costs) === String(spent) && now;
  });
  const sums = new Map<string, bigint>();
  for (const { asset, balance } of balances) sums.set(asset, (sums.get(asset) ?? 0n) + balance);
  expect([...sums.values()].filter((sum) => sum !== 0n)).toEqual([]);
  expect(balances.filter(({ kind, balance }) => kind === 'IN_TRANSIT' && balance !== 0n)).toEqual([]);
}, 120_000);

describeSales(() => ({ harness, gallery, till }));
