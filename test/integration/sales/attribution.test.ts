import type { PaymentId, SaleId } from '../../../schema/ids';
import type { AttributePayment } from '../../../schema/inputs/sale';
import {
  ADA,
  BOB,
  DOLLARS,
  deposits,
  EVE,
  ether,
  moves,
  order,
  receives,
  to,
  work,
} from '../../support/sale-logs';
import { fakeTransaction } from './fake-chain';
import { type Gallery, SalesHarness } from './harness';

let h: SalesHarness;
let gallery: Gallery;
let saleId: SaleId;
beforeEach(async () => {
  h = await SalesHarness.create();
  gallery = await h.gallery();
});
afterEach(() => h.destroy());

/** A work that is sold for 100 without a royalty, of which 5 are owed. */
const unpaid = () =>
  fakeTransaction([
    order({ by: ADA, for: BOB, offer: [work(1)], asks: [to(ADA, ether(100n))] }),
    moves(ADA, BOB, 1),
  ]);

async function isClosed(): Promise<void> {
  // As a week later.
  await h.admin.query("update sales set due_at = due_at - interval '5 years'");
  await h.closer.close(gallery.tenantId, gallery.registryId);
}

/** Sells, mines these deposits, has all of it final and the window closed. */
async function sellAndReceive(...logs: ReturnType<typeof receives>[]): Promise<PaymentId[]> {
  h.chain.mine(unpaid());
  // Each in a block of its own: the oldest comes first.
  for (const log of logs) h.chain.mine(fakeTransaction([log]));
  h.chain.finalise();
  await h.observe(gallery);
  const [sale] = await h.salesOf(gallery);
  if (sale === undefined) throw new Error('a work was sold');
  saleId = sale.id;
  await isClosed();
  return suspended();
}

async function suspended(): Promise<PaymentId[]> {
  const page = { first: 10, after: undefined, order: 'OLDEST_FIRST' as const };
  const { edges } = await h.sales.suspendedPayments(gallery.tenantId, page);
  // Those that were recorded together were so at the same time.
  const payments = edges
    .map(({ node }) => node)
    .sort((one, other) => one.paidAt.getTime() - other.paidAt.getTime());
  return payments.map(({ id }) => id);
}

const attribute = (paymentId: PaymentId | undefined, over: Partial<AttributePayment> = {}) =>
  h.attributions.attribute(gallery.tenantId, {
    paymentId: paymentId ?? ('' as PaymentId),
    saleId,
    reason: 'told by the buyer',
    ...over,
  });
const withdraw = (paymentId: PaymentId | undefined) =>
  h.attributions.withdraw(gallery.tenantId, { paymentId: paymentId ?? ('' as PaymentId), saleId });
const refused = { code: 'SALE_NOT_ATTRIBUTABLE' };

test('money that came after a sale’s window is the sale’s when a person says so, and back in suspense when it is withdrawn', async () => {
  const [payment] = await sellAndReceive(receives(7n));
  const before = await h.balances(gallery);
  expect(before).toEqual({ RECEIVER: 7n, UNSPLIT: -7n, BAD_DEBT: 5n, SUSPENSE: -7n, ROYALTY_DUE: 2n });
  for (let n = 0; n < 2; n += 1) {
    expect(await attribute(payment)).toMatchObject({ amount: '7', settled: '5', standing: true });
    // The payees are owed what they were: the vault knows nothing of it.
    expect(await h.balances(gallery)).toEqual({ RECEIVER: 7n, UNSPLIT: -7n });
    expect(await suspended()).toEqual([]);
    expect(await withdraw(payment)).toMatchObject({ standing: false });
    expect(await h.balances(gallery)).toEqual(before);
    expect(await suspended()).toEqual([payment]);
  }
  expect((await h.entries(gallery)).filter((entry) => entry.startsWith('ATTRIBUTION'))).toEqual([
    'ATTRIBUTION REVERSED',
    'ATTRIBUTION reversal FINAL',
    'ATTRIBUTION REVERSED',
    'ATTRIBUTION reversal FINAL',
  ]);
  await expect(withdraw(payment)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('money in another asset settles what a person says, and nothing by itself', async () => {
  const [payment] = await sellAndReceive(deposits(EVE, 900n, DOLLARS));
  expect(await attribute(payment)).toMatchObject({ amount: '900', settled: '0' });
  await withdraw(payment);
  await expect(attribute(payment, { settles: 6n })).rejects.toMatchObject(refused);
  expect(await attribute(payment, { settles: 4n, amount: 800n })).toMatchObject({ settled: '4' });
  const books = await h.tenants.transaction(gallery.tenantId, (tx) => h.ledger.balances(tx));
  const of = (kind: string) => books.filter((one) => one.kind === kind).map(({ balance }) => balance);
  expect([of('BAD_DEBT'), of('SUSPENSE')]).toEqual([[1n], [-100n]]);
});

test('nothing is attributed twice, nor more than came, is owed, or can still come by itself', async () => {
  const [one, other] = await sellAndReceive(receives(3n), receives(4n));
  await expect(attribute(one, { amount: 4n })).rejects.toMatchObject({ code: 'PAYMENT_NOT_SUSPENDED' });
  await expect(attribute(one, { amount: 2n, settles: 3n })).rejects.toMatchObject(refused);
  expect(await attribute(one, { amount: 2n })).toMatchObject({ settled: '2' });
  await expect(attribute(one)).rejects.toMatchObject(refused);
  expect(await attribute(other)).toMatchObject({ amount: '4', settled: '3' });
  await expect(attribute(other)).rejects.toMatchObject({ code: 'PAYMENT_NOT_SUSPENDED' });
  expect(await h.balances(gallery)).toEqual({ RECEIVER: 7n, UNSPLIT: -7n, SUSPENSE: -1n, ROYALTY_DUE: 1n });
  await h.admin.query('update sales set closed_at = null');
  await expect(attribute(one)).rejects.toMatchObject(refused);
  const stranger = await h.gallery();
  await expect(
    h.attributions.attribute(stranger.tenantId, { paymentId: one ?? ('' as PaymentId), saleId, reason: 'x' }),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('people who attribute at once attribute what there is, once', async () => {
  const [payment] = await sellAndReceive(receives(5n));
  const told = await Promise.allSettled([1, 2, 3].map(() => attribute(payment)));
  expect(told.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await h.balances(gallery)).toEqual({ RECEIVER: 5n, UNSPLIT: -5n });
});

test.each([
  ['the payment', 2],
  ['the sale and the payment', 1],
])('a breach of finality that takes back %s takes the attribution back as well', async (_what, from) => {
  const [payment] = await sellAndReceive(receives(5n));
  await attribute(payment);
  h.chain.final = from - 1;
  h.chain.drop(h.chain.blocks.length - from);
  h.chain.mine();
  await h.admin.query(
    "insert into chain_breaches (chain_id, fork_block, old_hash, new_hash) values ('eip155:8453', $1, '\\x00', '\\x01')",
    [from - 1],
  );
  await h.observe(gallery);
  expect(await suspended()).toEqual([]);
  expect(await h.balances(gallery)).toEqual(from === 1 ? {} : { BAD_DEBT: 5n, ROYALTY_DUE: -5n });
});
