import { EventEmitter, once } from 'node:events';
import { getAddress } from 'viem';
import { payeeIdOf, payeeOf } from '../../../chains/evm/registry/payees';
import type { TransactionLog } from '../../../chains/evm/sales/executed-transaction';
import { erc20MoneyId, evmAccountId } from '../../../schema/caip';
import { CHAIN } from '../../support/royalty-arbitraries';
import {
  ADA,
  ARTIST,
  BOB,
  BOOK,
  buysLicence,
  credits,
  DOLLARS,
  deposits,
  dollars,
  EVE,
  ether,
  moves,
  order,
  pays,
  RECEIVER,
  receives,
  statesSplit,
  to,
  work,
} from '../../support/sale-logs';
import { fakeTransaction } from './fake-chain';
import { type Gallery, SalesHarness } from './harness';

let h: SalesHarness;
let gallery: Gallery;
beforeEach(async () => {
  h = await SalesHarness.create();
  gallery = await h.gallery();
});
afterEach(() => h.destroy());

/** Ada sells a work to Bob for 100, of which 5 go to the receiver. */
const sold = (tokenId = 1, royalty = 5n): TransactionLog[] => [
  order({
    by: ADA,
    for: BOB,
    offer: [work(tokenId)],
    asks: [to(ADA, ether(100n - royalty)), to(RECEIVER, ether(royalty))],
  }),
  moves(ADA, BOB, tokenId),
  ...(royalty === 0n ? [] : [receives(royalty)]),
];
/** It lies in the receiver: nobody is credited before the vault does so. */
const came = { RECEIVER: 5n, UNSPLIT: -5n };

test('a sale is provisional when it is seen, final with its block, and credited once however often it is seen', async () => {
  h.chain.mine(fakeTransaction(sold()));
  await h.observe(gallery);
  expect(await h.salesOf(gallery)).toMatchObject([
    { state: 'PROVISIONAL', price: '100', expected: '5', paid: '5', verdict: 'EXACT', ground: 'PROVEN' },
  ]);
  expect(await h.entries(gallery)).toEqual(['SALE PROVISIONAL', 'PAYMENT PROVISIONAL']);
  h.chain.finalise();
  for (let n = 0; n < 3; n += 1) await h.observe(gallery);
  await h.admin.query('update sale_transactions set news = news + 1');
  await h.observe(gallery);
  expect(await h.salesOf(gallery)).toMatchObject([{ state: 'FINAL' }]);
  expect(await h.entries(gallery)).toEqual(['SALE FINAL', 'PAYMENT FINAL']);
  expect(await h.balances(gallery)).toEqual(came);
});

test('observers that run at once record a sale once', async () => {
  h.chain.mine(fakeTransaction(sold()), fakeTransaction(sold(2)));
  await h.see(gallery);
  const { tenantId, registryId } = gallery;
  await Promise.all([1, 2, 3].map(() => h.observer.observe(tenantId, registryId)));
  expect(await h.salesOf(gallery)).toHaveLength(2);
  expect(await h.balances(gallery)).toEqual({ RECEIVER: 10n, UNSPLIT: -10n });
});

test('an observer that comes late with what it read before a reorg records nothing of it', async () => {
  const gate = new EventEmitter();
  h.lies = [
    async (transaction) => {
      gate.emit('asked');
      await once(gate, 'open');
      return transaction;
    },
  ];
  h.chain.mine(fakeTransaction(sold()));
  await h.see(gallery);
  const asked = once(gate, 'asked');
  const late = h.observer.observe(gallery.tenantId, gallery.registryId);
  await asked;
  h.chain.drop(1);
  h.chain.mine();
  await h.observe(gallery);
  gate.emit('open');
  await late;
  expect(await h.salesOf(gallery)).toEqual([]);
  expect(await h.balances(gallery)).toEqual({});
});

describe('a reorg', () => {
  const transaction = fakeTransaction(sold());
  beforeEach(async () => {
    h.chain.mine(transaction);
    await h.observe(gallery);
    h.chain.drop(1);
  });

  test('takes a sale back by linked entries, and the balances are what they were', async () => {
    h.chain.mine();
    await h.observe(gallery);
    expect(await h.salesOf(gallery)).toMatchObject([{ state: 'REVERTED' }]);
    expect(await h.entries(gallery)).toEqual([
      'SALE REVERSED',
      'PAYMENT REVERSED',
      'SALE reversal FINAL',
      'PAYMENT reversal FINAL',
    ]);
    expect(await h.balances(gallery)).toEqual({});
    expect((await h.markets.market(gallery.tenantId, gallery)).volumes).toEqual([]);
  });

  test('that brings a sale back in another block, at another place in it, credits it once, under its old id', async () => {
    const [before] = await h.salesOf(gallery);
    h.chain.mine(fakeTransaction([pays(EVE, ADA, 1n)]), transaction);
    await h.observe(gallery);
    h.chain.finalise();
    await h.observe(gallery);
    expect(await h.salesOf(gallery)).toMatchObject([{ id: before?.id, state: 'FINAL' }]);
    expect((await h.entries(gallery)).slice(-2)).toEqual(['SALE FINAL', 'PAYMENT FINAL']);
    expect(await h.entries(gallery)).toHaveLength(6);
    expect(await h.balances(gallery)).toEqual(came);
  });

  test('that takes it back again and again credits nothing, and loses nothing', async () => {
    for (let n = 0; n < 3; n += 1) {
      h.chain.mine(transaction);
      await h.observe(gallery);
      expect(await h.balances(gallery)).toEqual(came);
      h.chain.drop(1);
      await h.observe(gallery);
      expect(await h.balances(gallery)).toEqual({});
    }
  });

  test('that is undone before anybody looked is not noticed', async () => {
    h.chain.mine(transaction);
    await h.see(gallery);
    h.chain.drop(1);
    h.chain.mine(transaction);
    await h.observe(gallery);
    expect(await h.balances(gallery)).toEqual(came);
    expect(await h.salesOf(gallery)).toMatchObject([{ state: 'PROVISIONAL' }]);
  });
});

test('a reorg past finality takes back what was final', async () => {
  h.chain.mine(fakeTransaction(sold()));
  h.chain.finalise();
  await h.observe(gallery);
  expect(await h.salesOf(gallery)).toMatchObject([{ state: 'FINAL' }]);
  h.chain.drop(1);
  h.chain.mine();
  await h.admin.query(
    "insert into chain_breaches (chain_id, fork_block, old_hash, new_hash) values ('eip155:8453', 0, '\\x00', '\\x01')",
  );
  await h.observe(gallery);
  expect(await h.salesOf(gallery)).toMatchObject([{ state: 'REVERTED' }]);
  expect(await h.balances(gallery)).toEqual({});
});

test('what a single node makes up is taken back when a quorum is asked for what is final', async () => {
  const lie = sold();
  h.lies = [
    (transaction) => ({ ...transaction, logs: lie }),
    (transaction) => transaction,
    (transaction) => transaction,
  ];
  h.chain.mine(fakeTransaction([moves(ADA, BOB, 1)]));
  await h.observe(gallery);
  expect(await h.balances(gallery)).toEqual(came);
  h.chain.finalise();
  await h.observe(gallery);
  expect(await h.salesOf(gallery)).toMatchObject([{ state: 'REVERTED' }]);
  expect(await h.balances(gallery)).toEqual({});
});

test('nothing is final while no quorum of nodes says the same, and all is once one does', async () => {
  h.chain.mine(fakeTransaction(sold()));
  h.chain.finalise();
  h.lies = [(transaction) => transaction, () => undefined, () => undefined];
  await expect(h.observe(gallery)).rejects.toMatchObject({ code: 'RPC_DISAGREEMENT', retryable: true });
  expect(await h.salesOf(gallery)).toEqual([]);
  h.lies = [(transaction) => transaction, (transaction) => transaction, () => undefined];
  await h.observe(gallery);
  expect(await h.salesOf(gallery)).toMatchObject([{ state: 'FINAL' }]);
});

test('what cannot be read holds up what came after it, so that a circle is seen whichever is read first', async () => {
  const back = [
    order({ by: BOB, for: ADA, offer: [work(1)], asks: [to(BOB, ether(100n))] }),
    moves(BOB, ADA, 1),
  ];
  const first = fakeTransaction(sold());
  h.chain.mine(first);
  h.chain.mine(fakeTransaction(back));
  h.lies = [(transaction) => (transaction.hash === first.hash ? undefined : transaction)];
  await expect(h.observe(gallery)).rejects.toMatchObject({ retryable: true });
  expect(await h.salesOf(gallery)).toEqual([]);
  h.lies = [(transaction) => transaction];
  await h.observe(gallery);
  expect((await h.salesOf(gallery)).map(({ marks }) => marks)).toEqual([[], ['WASH_TRADE']]);
});

test('money that comes without an order is in suspense, and belongs to no sale', async () => {
  h.chain.mine(fakeTransaction([receives(7n)]));
  await h.observe(gallery);
  expect(await h.salesOf(gallery)).toEqual([]);
  expect(await h.balances(gallery)).toEqual({
    RECEIVER: 7n,
    UNSPLIT: -7n,
    ROYALTY_DUE: 7n,
    SUSPENSE: -7n,
  });
  h.chain.drop(1);
  await h.observe(gallery);
  expect(await h.balances(gallery)).toEqual({});
});

test('tokens that somebody sent the receiver unseen are in suspense once they are forwarded, and only they', async () => {
  const bid = order({
    by: BOB,
    for: ADA,
    offer: [dollars(100n)],
    asks: [to(BOB, work(1)), to(RECEIVER, dollars(5n))],
  });
  h.chain.mine(
    fakeTransaction([bid, moves(ADA, BOB, 1), pays(ADA, RECEIVER, 5n)]),
    fakeTransaction([receives(3n)]),
  );
  h.chain.mine(fakeTransaction([pays(EVE, RECEIVER, 9n)]));
  await h.observe(gallery);
  expect((await h.entries(gallery)).filter((entry) => entry.startsWith('DEPOSIT'))).toHaveLength(1);
  const forward = fakeTransaction([deposits(RECEIVER, 14n, DOLLARS), deposits(RECEIVER, 3n)]);
  h.chain.mine(forward);
  h.chain.mine(fakeTransaction([pays(EVE, RECEIVER, 1n), deposits(RECEIVER, 1n, DOLLARS)]));
  for (let n = 0; n < 2; n += 1) {
    await h.observe(gallery);
    const accounts = await h.tenants.transaction(gallery.tenantId, (tx) => h.ledger.balances(tx));
    const inDollars = accounts.filter(({ asset }) => asset.includes('erc20'));
    expect(Object.fromEntries(inDollars.map(({ kind, balance }) => [kind, balance]))).toMatchObject({
      VAULT: 15n,
      SUSPENSE: -10n,
    });
    h.chain.finalise();
  }
  expect((await h.entries(gallery)).filter((entry) => entry.includes('reversal'))).toEqual([]);
});

test('the price of a licence is in the books as that, once and until it is taken back, and nothing else is', async () => {
  await h.offer(gallery, 7, 9n, null);
  await h.offer(gallery, 8, 4n, erc20MoneyId(CHAIN, DOLLARS));
  const logs = [
    // Others' money of the same amount is no price.
    ...[receives(9n), pays(EVE, RECEIVER, 4n)],
    ...[receives(9n, RECEIVER, BOOK), buysLicence(7, BOB)],
    ...[pays(BOB, RECEIVER, 4n), buysLicence(8, BOB)],
    // Nor is it by somebody else, right before the book speaks.
    ...[receives(9n), buysLicence(7, EVE)],
    // Nobody knows what this offer asked.
    ...[receives(3n, RECEIVER, BOOK), buysLicence(9, BOB)],
  ];
  // Tokens leave no log that is followed: the book's own tells.
  h.chain.mine(fakeTransaction(logs), fakeTransaction([pays(BOB, RECEIVER, 4n), buysLicence(8, BOB)]));
  for (let n = 0; n < 2; n += 1) {
    await h.observe(gallery);
    const kinds = (await h.entries(gallery)).map((entry) => entry.split(' ')[0]);
    expect(kinds.sort()).toEqual([...Array(4).fill('DEPOSIT'), ...Array(3).fill('LICENCE')]);
    h.chain.finalise();
  }
  const times = { from: new Date('2026-06-01T00:00:00Z'), to: new Date('2026-06-02T00:00:00Z') };
  expect((await h.books.statement(gallery.tenantId, times)).lines).toMatchObject([
    { licences: '8', suspense: '4', paid: '0' },
    { licences: '9', suspense: '21', paid: '0' },
  ]);
  h.chain.final = -1;
  h.chain.drop(1);
  h.chain.mine();
  await h.admin.query(
    "insert into chain_breaches (chain_id, fork_block, old_hash, new_hash) values ('eip155:8453', 0, '\\x00', '\\x01')",
  );
  await h.observe(gallery);
  expect(await h.balances(gallery)).toEqual({});
});

describe('a window', () => {
  const state = (paymentWindowSeconds: number) =>
    h.policies.set(gallery.tenantId, {
      projectId: gallery.projectId,
      expectedRevision: 0,
      effectiveFrom: new Date(0),
      policy: {
        royaltyBps: 1_000,
        splits: [{ account: `eip155:8453:${EVE}` as never, role: 'ARTIST', shareBps: 10_000 }],
        primaryWallet: `eip155:8453:${EVE}` as never,
        currencies: [],
        enforcement: 'OBSERVE',
        operators: [],
        paymentWindowSeconds,
      },
    });
  const close = () => h.closer.close(gallery.tenantId, gallery.registryId);

  test('that is open leaves what is missing unmatched, and says when it closes', async () => {
    await state(365 * 86_400);
    h.chain.mine(fakeTransaction(sold(1, 0n)));
    h.chain.finalise();
    await h.observe(gallery);
    const next = await close();
    const [sale] = await h.salesOf(gallery);
    expect(sale).toMatchObject({ verdict: 'UNMATCHED', expected: '10', policyRevision: 1, dueAt: next });
    expect(await h.balances(gallery)).toEqual({ SALE_CLEARING: 10n, ROYALTY_DUE: -10n });
    const { rows } = await h.admin.query("select next_try_at from outbox where job = 'close-sales'");
    expect(rows).toEqual([{ next_try_at: next }]);
  });

  test('that has closed makes it unpaid, once, when the sale is final and not before', async () => {
    await state(0);
    h.chain.mine(fakeTransaction(sold(1, 0n)), fakeTransaction(sold(2, 4n)));
    await h.observe(gallery);
    expect(await close()).toBeUndefined();
    expect((await h.salesOf(gallery)).map(({ verdict }) => verdict).sort()).toEqual(['UNDER', 'UNMATCHED']);
    h.chain.finalise();
    await h.observe(gallery);
    const closed = async () => (await h.admin.query('select closed_at from sales order by id')).rows;
    await close();
    const first = await closed();
    for (let n = 0; n < 2; n += 1) expect(await close()).toBeUndefined();
    expect(await closed()).toEqual(first);
    expect((await h.salesOf(gallery)).map(({ verdict }) => verdict).sort()).toEqual(['UNDER', 'UNPAID']);
    expect(await h.balances(gallery)).toEqual({
      RECEIVER: 4n,
      UNSPLIT: -4n,
      BAD_DEBT: 16n,
      ROYALTY_DUE: -16n,
    });
  });

  test('is that of the policy that held then, also when another is stated before it is final', async () => {
    const pays = [to(ADA, ether(90n)), to(EVE, ether(5n)), to(RECEIVER, ether(5n))];
    const paysEve = order({ by: ADA, for: BOB, offer: [work(1)], asks: pays });
    h.chain.mine(fakeTransaction([paysEve, moves(ADA, BOB, 1), receives(5n)]));
    await h.observe(gallery);
    // Eve is a payee from before on, as it is stated now.
    await state(0);
    h.chain.finalise();
    await h.observe(gallery);
    expect(await h.entries(gallery)).toEqual(['SALE FINAL', 'PAYMENT FINAL']);
    expect(await h.salesOf(gallery)).toMatchObject([{ policyRevision: 0, expected: '5', state: 'FINAL' }]);
    expect(await h.balances(gallery)).toEqual(came);
  });
});

test('a work that comes back to who sold it lately is marked, owes its royalty, and makes no market', async () => {
  const back = [
    order({ by: BOB, for: ADA, offer: [work(1)], asks: [to(BOB, ether(95n)), to(RECEIVER, ether(5n))] }),
    moves(BOB, ADA, 1),
    receives(5n),
  ];
  h.chain.mine(fakeTransaction(sold()));
  h.chain.mine(fakeTransaction(back));
  await h.observe(gallery);
  expect((await h.salesOf(gallery)).map(({ marks }) => marks)).toEqual([[], ['WASH_TRADE']]);
  expect(await h.balances(gallery)).toEqual({ RECEIVER: 10n, UNSPLIT: -10n });
  const market = await h.markets.market(gallery.tenantId, { workId: gallery.works[0] ?? ('' as never) });
  expect(market).toMatchObject({ volumes: [{ amount: '100', sales: 1 }], leftOut: 1 });
  expect(market.lastSale?.buyer).toContain(BOB.slice(-1));
});

const artist = evmAccountId(CHAIN, getAddress(ARTIST));

test('a statement sums what stands, by asset, of a time, a project and a payee', async () => {
  const bid = order({ by: BOB, for: ADA, offer: [dollars(200n)], asks: [to(BOB, work(2))] });
  h.chain.mine(
    fakeTransaction(sold()),
    fakeTransaction([bid, moves(ADA, BOB, 2)]),
    fakeTransaction([receives(7n)]),
    fakeTransaction([statesSplit(1n, [{ payee: payeeOf(artist), bps: 10_000 }])]),
    fakeTransaction([deposits(RECEIVER, 12n), credits(payeeIdOf(payeeOf(artist)), 12n)]),
  );
  await h.observe(gallery);
  const { projectId, tenantId } = gallery;
  const times = { from: new Date('2026-06-01T00:00:00Z'), to: new Date('2026-06-02T00:00:00Z') };
  const { lines } = await h.books.statement(tenantId, { projectId, ...times });
  expect(lines).toMatchObject([
    { owed: '10', paid: '0', unpaid: '0', suspense: '0', payees: [], entries: 1, provisional: 1 },
    {
      owed: '5',
      paid: '5',
      suspense: '7',
      payees: [{ account: artist, credited: '12', kind: 'ARTIST_PAYABLE' }],
      entries: 5,
    },
  ]);
  const own = await h.books.statement(tenantId, { payee: artist, ...times });
  expect(own.lines).toMatchObject([{ payees: [{ credited: '12' }], entries: 1 }]);
  const later = { from: times.to, to: new Date('2026-07-01T00:00:00Z') };
  expect((await h.books.statement(tenantId, { projectId, ...later })).lines).toEqual([]);
});

test('another tenant’s observer neither sees a sale nor touches it', async () => {
  h.chain.mine(fakeTransaction(sold()));
  await h.observe(gallery);
  const stranger = await h.gallery();
  expect(await h.salesOf({ ...gallery, tenantId: stranger.tenantId })).toHaveLength(0);
  await expect(h.observer.observe(stranger.tenantId, gallery.registryId)).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  await h.observe(stranger);
  expect(await h.balances(stranger)).toEqual(came);
  expect(await h.balances(gallery)).toEqual(came);
});

test('each change of a sale goes out once, linked to what was said before', async () => {
  await h.admin.query(
    `insert into webhook_endpoints (tenant_id, url, description, event_types) values ($1, 'https://r.example', 'd', '{sale.*}')`,
    [gallery.tenantId],
  );
  const transaction = fakeTransaction(sold());
  h.chain.mine(transaction);
  await h.observe(gallery);
  h.chain.drop(1);
  h.chain.mine(transaction);
  await h.observe(gallery);
  h.chain.finalise();
  await h.observe(gallery);
  await h.observe(gallery);
  const { rows } = await h.admin.query<{ finality: string; id: string; body: string }>(
    'select finality, id, body from webhook_events where tenant_id = $1 order by created_at, body',
    [gallery.tenantId],
  );
  const bodies = rows.map(({ body }) => (typeof body === 'string' ? JSON.parse(body) : body));
  expect(rows.map(({ finality }) => finality).sort()).toEqual([
    'final',
    'provisional',
    'provisional',
    'reverted',
  ]);
  const byId = new Map(bodies.map((body) => [body.id, body]));
  for (const body of bodies.filter(({ finality }) => finality !== 'provisional'))
    expect(byId.get(body.priorid)).toMatchObject({ finality: 'provisional', type: 'sale.recorded' });
});

test('that a window closed on a sale that lacks something goes out once, and is taken back with the sale', async () => {
  await h.admin.query(
    `insert into webhook_endpoints (tenant_id, url, description, event_types) values ($1, 'https://r.example', 'd', '{sale.unpaid}')`,
    [gallery.tenantId],
  );
  const told = async () => {
    const { rows } = await h.admin.query<{ body: string }>(
      `select body from webhook_events where tenant_id = $1 and type = 'sale.unpaid' order by sequence`,
      [gallery.tenantId],
    );
    return rows.map(({ body }) => (typeof body === 'string' ? JSON.parse(body) : body));
  };
  const close = async () => {
    await h.admin.query("update sales set due_at = due_at - interval '5 years'");
    await h.closer.close(gallery.tenantId, gallery.registryId);
  };
  const transaction = fakeTransaction(sold(1, 2n));
  h.chain.mine(transaction, fakeTransaction(sold(2)));
  await h.observe(gallery);
  await close();
  // Nothing is unpaid of what may still fall.
  expect(await told()).toEqual([]);
  h.chain.finalise();
  await h.observe(gallery);
  for (let n = 0; n < 2; n += 1) await close();
  expect(await told()).toMatchObject([
    { finality: 'final', data: { verdict: 'UNDER', expected: '5', paid: '2', unpaid: '3' } },
  ]);
  h.chain.final = 0;
  h.chain.drop(1);
  h.chain.mine();
  await h.admin.query(
    "insert into chain_breaches (chain_id, fork_block, old_hash, new_hash) values ('eip155:8453', 0, '\\x00', '\\x01')",
  );
  await h.observe(gallery);
  const [said, takenBack, ...more] = await told();
  expect(takenBack).toMatchObject({ finality: 'reverted', priorid: said.id });
  expect(more).toEqual([]);
});
