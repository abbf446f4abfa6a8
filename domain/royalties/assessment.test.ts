import { registryIdSchema } from '../../schema/ids';
import type { RoyaltyPolicy } from '../../schema/inputs/royalty';
import {
  account,
  CHAIN,
  DOLLAR,
  ELSEWHERE,
  ETHER,
  HOUR_MS,
  OTHER_PROJECT,
  PROJECT,
  projectOf,
  REGISTRY,
  receiverOf,
  START,
  termsUnder,
} from '../../test/support/royalty-arbitraries';
import { assessTransaction } from './assessment';
import { type ObservedPayment, type ObservedSale, paymentIdOf, saleIdOf } from './sale';

const TRANSACTION = `0x${'7'.repeat(64)}` as const;
const SOLD_AT = new Date(START);
const BEFORE = new Date(START + HOUR_MS);
const AFTER = new Date(START + HOUR_MS + 1);
/** 10 %, within an hour, in ether only. */
const POLICY: RoyaltyPolicy = {
  royaltyBps: 1_000,
  splits: [{ account: account(1), role: 'ARTIST', shareBps: 10_000 }],
  primaryWallet: account(1),
  currencies: [{ asset: ETHER, threshold: '0' }],
  enforcement: 'OBSERVE',
  operators: [],
  paymentWindowSeconds: 3_600,
};

const ORIGIN = {
  registryId: REGISTRY,
  chainId: CHAIN,
  transactionHash: TRANSACTION,
  logIndex: 0,
  item: 0,
} as const;
const idOf = (item: number) => saleIdOf({ ...ORIGIN, item });

function sale(change: Partial<ObservedSale> = {}): ObservedSale {
  return {
    saleId: idOf(0),
    projectId: PROJECT,
    inclusion: 0,
    transactionHash: TRANSACTION,
    blockTime: SOLD_AT,
    asset: ETHER,
    price: 1_000n,
    isBundled: false,
    ...change,
  };
}

let payments = 0;
function paid(amount: bigint, change: Partial<ObservedPayment> = {}): ObservedPayment {
  payments += 1;
  return {
    paymentId: paymentIdOf({ ...ORIGIN, logIndex: payments }),
    inclusion: 0,
    transactionHash: TRANSACTION,
    paidAt: SOLD_AT,
    receiver: receiverOf(PROJECT),
    asset: ETHER,
    amount,
    ...change,
  };
}

const assess = (sales: ObservedSale[], found: ObservedPayment[], asOf = BEFORE) =>
  assessTransaction(
    { sales, payments: found },
    ({ projectId }) => termsUnder(POLICY, 1, projectId),
    projectOf,
    asOf,
  );

test.each([
  { what: 'exactly what is owed', found: [paid(100n)], is: ['PROVEN', 'EXACT', 100n, 0n] },
  { what: 'it in two parts', found: [paid(60n), paid(40n)], is: ['PROVEN', 'EXACT', 100n, 0n] },
  { what: 'less', found: [paid(99n)], is: ['PROVEN', 'UNDER', 99n, 1n] },
  { what: 'more', found: [paid(101n)], is: ['PROVEN', 'OVER', 101n, 0n] },
  {
    what: 'another currency',
    found: [paid(100n, { asset: DOLLAR })],
    is: ['UNATTRIBUTED', 'WRONG_CURRENCY', 0n, 100n],
  },
  {
    what: 'another receiver',
    found: [paid(100n, { receiver: ELSEWHERE })],
    is: ['PROVEN', 'WRONG_RECEIVER', 0n, 100n],
  },
  {
    what: 'some of it in another currency',
    found: [paid(50n), paid(50n, { asset: DOLLAR })],
    is: ['PROVEN', 'UNDER', 50n, 50n],
  },
  { what: 'nothing yet', found: [], is: ['PROVEN', 'UNMATCHED', 0n, 100n] },
  {
    what: 'it at the last moment',
    found: [paid(100n, { paidAt: BEFORE })],
    is: ['PROVEN', 'EXACT', 100n, 0n],
  },
  {
    what: 'it too late',
    found: [paid(100n, { paidAt: AFTER })],
    is: ['PROVEN', 'UNPAID', 0n, 100n],
    asOf: AFTER,
  },
  { what: 'nothing', found: [], is: ['PROVEN', 'UNPAID', 0n, 100n], asOf: AFTER },
])('a sale that owes 100 and brought $what is $is.1', ({ found, is, asOf }) => {
  const [assessed] = assess([sale()], found, asOf).sales;
  expect(assessed?.expected).toBe(100n);
  expect([assessed?.ground, assessed?.verdict, assessed?.paid, assessed?.shortfall]).toEqual(is);
});

test('a sale is unmatched until its window closes, and unpaid only then', () => {
  const at = (asOf: Date) => assess([sale()], [], asOf).sales.map(({ verdict }) => verdict);
  expect(at(BEFORE)).toEqual(['UNMATCHED']);
  expect(at(AFTER)).toEqual(['UNPAID']);
});

test('a sale for nothing owes nothing, and a price that the policy does not accept cannot be paid', () => {
  expect(assess([sale({ price: 0n })], []).sales[0]).toMatchObject({ verdict: 'EXACT', expected: 0n });
  expect(assess([sale({ asset: DOLLAR })], [paid(100n, { asset: DOLLAR })]).sales[0]).toMatchObject({
    verdict: 'WRONG_CURRENCY',
    shortfall: 100n,
  });
});

test('a payment in another transaction than its sale is not proven', () => {
  const other = `0x${'8'.repeat(64)}` as const;
  expect(assess([sale()], [paid(100n, { transactionHash: other })]).sales[0]?.ground).toBe('ALLOCATED');
});

test('a payment for several sales is divided to the last unit', () => {
  const sales = [334n, 334n, 333n].map((price, item) => sale({ saleId: idOf(item), price, isBundled: true }));
  const assessed = assess(sales, [paid(101n)]).sales;
  expect(assessed.map(({ ground }) => ground)).toEqual(['ALLOCATED', 'ALLOCATED', 'ALLOCATED']);
  // Each owes 33; of the two units that are left, the sales with the lower ids get one each.
  const byId = [...assessed].sort((one, other) => (one.sale.saleId < other.sale.saleId ? -1 : 1));
  expect(byId.map(({ paid }) => paid)).toEqual([34n, 34n, 33n]);
});

test("a payment is for its receiver's project alone, and in suspense if that sold nothing there", () => {
  const sales = [sale(), sale({ saleId: idOf(1), projectId: OTHER_PROJECT })];
  const { sales: assessed, deposits } = assess(sales, [paid(100n)]);
  expect(assessed.map(({ verdict }) => verdict)).toEqual(['EXACT', 'UNMATCHED']);
  expect(deposits).toEqual([]);
  const stranger = paid(5n, { receiver: receiverOf(OTHER_PROJECT) });
  expect(assess([sale()], [stranger])).toMatchObject({
    sales: [{ verdict: 'UNMATCHED' }],
    deposits: [{ projectId: OTHER_PROJECT, payment: stranger }],
  });
  expect(assess([], [paid(5n, { receiver: ELSEWHERE })]).deposits).toEqual([]);
});

test('an id names a place on a chain, whatever block it is in', () => {
  const origin = { ...ORIGIN, logIndex: 1, item: 2 };
  expect(saleIdOf(origin)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const others = [
    paymentIdOf(origin),
    saleIdOf({ ...origin, item: 3 }),
    saleIdOf({ ...origin, logIndex: 12, item: 2 }),
    saleIdOf({ ...origin, transactionHash: `0x${'9'.repeat(64)}` }),
    saleIdOf({ ...origin, registryId: registryIdSchema.parse(OTHER_PROJECT) }),
  ];
  expect(new Set([saleIdOf(origin), ...others]).size).toBe(6);
});
