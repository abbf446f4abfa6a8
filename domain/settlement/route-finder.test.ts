import {
  BaseError,
  ExecutionRevertedError as EvmRevert,
  encodeErrorResult,
  type Hex,
  zeroAddress,
} from 'viem';
import { registryErrorsAbi } from '../../chains/abi/errors';
import type { Remittance } from '../../chains/evm/registry/vault-calls';
import type { VaultReader } from '../../chains/evm/registry/vault-reads';
import { erc20MoneyId, evmAccountId, evmChainId } from '../../schema/caip';
import { registryIdSchema, settlementIdSchema } from '../../schema/ids';
import type { Lane, TransportKind } from '../../schema/types/chain';
import { type Departure, findRoute } from './route-finder';
import type { SettlementRecord } from './settlement-record';

const HOME = evmChainId(1);
const MIRROR = evmChainId(8453);
const TOKEN = '0x52908400098527886E0F7030069857D2E4169EE7';
const UNIT = 10n ** 12n;

const settlement: SettlementRecord = {
  id: settlementIdSchema.parse('00000000-0000-4000-8000-000000000001'),
  registryId: registryIdSchema.parse('00000000-0000-4000-8000-000000000002'),
  state: 'REQUESTED',
  provisional: false,
  sourceChainId: MIRROR,
  destinationChainId: HOME,
  asset: erc20MoneyId(MIRROR, TOKEN),
  laneChoice: 'CHEAPEST',
  route: null,
  credits: [],
  amount: '0',
  feeWei: null,
  approvalReason: null,
  approvals: [],
  attempt: 1,
  digest: null,
  messageId: null,
  sourceTransactionHash: null,
  destinationTransactionHash: null,
  failure: null,
  waitingFor: null,
  createdAt: new Date(),
  stateSince: new Date(),
};
const credits = [
  { payee: evmAccountId(HOME, TOKEN), claimant: zeroAddress, amount: String(3n * UNIT + 5n), received: null },
];

type Price = bigint | Hex | Error;

/** A vault whose bridges ask these prices, or refuse with this data. */
function departure(
  prices: Record<TransportKind, Price>,
  over: Partial<SettlementRecord> = {},
  lane: Partial<Record<TransportKind, Partial<Lane>>> = {},
): Departure & { readonly asked: Remittance[] } {
  const asked: Remittance[] = [];
  const priceOf = async (remittance: Remittance): Promise<bigint> => {
    asked.push(remittance);
    const price = prices[remittance.transport];
    if (typeof price === 'bigint') return price;
    throw typeof price === 'string' ? reverted(price) : price;
  };
  const oftUnitOf = async () => UNIT;
  return {
    settlement: { ...settlement, ...over },
    // CAST: the two methods that a route is found by.
    vault: { priceOf, oftUnitOf } as unknown as VaultReader,
    settler: zeroAddress,
    lanes: (['CCIP', 'LAYERZERO'] as const).map((transport) => ({
      sourceChainId: MIRROR,
      destinationChainId: HOME,
      transport,
      open: true,
      paused: false,
      observedDeliveries: 0,
      deliverySecondsP50: null,
      ...lane[transport],
    })),
    asked,
  };
}

const reverted = (data: Hex) =>
  Object.assign(new BaseError('reverted', { cause: new EvmRevert({ message: 'x' }) }), { data });
const refusal = (errorName: 'RouteUnknown' | 'NativeHasNoRoute'): Hex =>
  errorName === 'RouteUnknown'
    ? encodeErrorResult({ abi: registryErrorsAbi, errorName, args: [`0x${'1'.repeat(64)}`, 1, TOKEN] })
    : encodeErrorResult({ abi: registryErrorsAbi, errorName });
const routeOf = async (from: Departure) => {
  const found = await findRoute(from, credits);
  return found.kind === 'route' ? found.offer.transport : found;
};

test('the cheapest bridge is taken, or the one that was observed to be faster, or the one by name', async () => {
  const prices = { CCIP: 5n, LAYERZERO: 3n };
  expect(await routeOf(departure(prices))).toBe('LAYERZERO');
  expect(await routeOf(departure(prices, { laneChoice: 'CCIP' }))).toBe('CCIP');
  const observed = { CCIP: { deliverySecondsP50: 20 }, LAYERZERO: { deliverySecondsP50: 60 } };
  expect(await routeOf(departure(prices, { laneChoice: 'FASTEST' }, observed))).toBe('CCIP');
});

test('a bridge that would refuse the money is no choice, and the other is taken', async () => {
  expect(await routeOf(departure({ CCIP: refusal('RouteUnknown'), LAYERZERO: 3n }))).toBe('LAYERZERO');
});

test('a paused lane is not asked: the other bridge is taken, or the settlement waits for its end', async () => {
  const prices = { CCIP: 1n, LAYERZERO: 3n };
  const paused = { CCIP: { paused: true } };
  expect(await routeOf(departure(prices, {}, paused))).toBe('LAYERZERO');
  const waiting = departure(prices, { laneChoice: 'CCIP' }, paused);
  expect(await routeOf(waiting)).toEqual({ kind: 'wait', waitingFor: 'CCIP: the lane to be resumed' });
  expect(waiting.asked).toEqual([]);
});

test('what refuses for a reason that passes is waited for, and what never will carry it is no route', async () => {
  const never = refusal('NativeHasNoRoute');
  expect(await routeOf(departure({ CCIP: '0x12345678', LAYERZERO: never }))).toMatchObject({ kind: 'wait' });
  expect(await routeOf(departure({ CCIP: never, LAYERZERO: never }))).toMatchObject({ kind: 'none' });
});

test('an endpoint that does not answer is no refusal', async () => {
  const trouble = new Error('the endpoint is down');
  await expect(routeOf(departure({ CCIP: trouble, LAYERZERO: 3n }))).rejects.toThrow(trouble);
});

test('an OFT is given whole units only; the rest stays in the vault', async () => {
  const found = await findRoute(departure({ CCIP: 5n, LAYERZERO: 3n }), credits);
  expect(found).toMatchObject({ offer: { credits: [{ amount: String(3n * UNIT) }] } });
  const dust = credits.map((credit) => ({ ...credit, amount: String(UNIT - 1n) }));
  expect(await findRoute(departure({ CCIP: 5n, LAYERZERO: 3n }), dust)).toMatchObject({
    offer: { transport: 'CCIP', credits: [{ amount: String(UNIT - 1n) }] },
  });
});
