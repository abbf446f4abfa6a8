import { getAddress } from 'viem';
import { type MoneyId, moneyIdSchema } from '../../schema/caip';
import { workIdSchema } from '../../schema/ids';
import { CHAIN, ETHER, REGISTRY } from '../../test/support/royalty-arbitraries';
import {
  ADA,
  ARTIST,
  at,
  BOB,
  COLLECTION,
  DOLLARS,
  deposits,
  dollars,
  EVE,
  ether,
  FOREIGN,
  hashOf,
  matched,
  moves,
  order,
  pays,
  RECEIVER,
  receives,
  SEAPORT,
  to,
  transaction,
  VAULT,
  work,
} from '../../test/support/sale-logs';
import { findPayments } from './find-payments';
import { findSales } from './find-sales';

const money = { registryId: REGISTRY, chainId: CHAIN, native: ETHER, seaport: new Set([SEAPORT]) };
const workId = (n: number) => workIdSchema.parse(`00000000-0000-4000-8000-${String(n).padStart(12, '0')}`);
const scene = {
  ...money,
  receivers: [RECEIVER, VAULT],
  internal: [COLLECTION],
  workOf: (contract: string, tokenId: bigint) =>
    contract.toLowerCase() === COLLECTION ? workId(Number(tokenId)) : undefined,
};
const dollar: MoneyId = moneyIdSchema.parse(`${CHAIN}/erc20:${DOLLARS}`);

type Logs = Parameters<typeof transaction>;
const found = (...of: Logs) => findSales(transaction(...of), scene);
/** Each sale as: work, seller, buyer, price, asset, marks. */
const told = (...of: Logs) =>
  found(...of).map(({ workId: id, seller, buyer, price, asset, marks }) => ({
    work: Number(id.slice(-3)),
    from: Number(seller),
    to: Number(buyer),
    price,
    in: asset === ETHER ? 'ether' : 'dollars',
    marks: marks.join(),
  }));
const sale = { work: 1, from: 1, to: 2, price: 100n, in: 'ether', marks: '' };

const listing = (over: Partial<Parameters<typeof order>[0]> = {}) =>
  order({
    by: ADA,
    for: BOB,
    offer: [work(1)],
    asks: [to(ADA, ether(90n)), to(EVE, ether(5n)), to(RECEIVER, ether(5n))],
    ...over,
  });

describe('an order that is fulfilled alone', () => {
  test('of a seller sells for all that was paid, to whomever it went', () => {
    expect(told([listing(), moves(ADA, BOB, 1)])).toEqual([sale]);
    expect(found([listing(), moves(ADA, BOB, 1)])[0]).toMatchObject({ venue: 'SEAPORT', place: 1 });
  });

  test('of a buyer buys for what it offers: the fees come out of that', () => {
    const bid = order({
      by: BOB,
      for: ADA,
      offer: [dollars(100n)],
      asks: [to(BOB, work(1)), to(EVE, dollars(5n))],
    });
    expect(told([bid, moves(ADA, BOB, 1), pays(BOB, ADA, 100n), pays(ADA, EVE, 5n)])).toEqual([
      { ...sale, in: 'dollars' },
    ]);
  });

  test('by criteria sells the token that it was fulfilled with, whichever item it is logged as', () => {
    for (const itemType of [2, 4]) {
      const bid = order({
        by: BOB,
        for: ADA,
        offer: [dollars(100n)],
        asks: [to(BOB, work(1, COLLECTION, itemType))],
      });
      expect(told([bid, moves(ADA, BOB, 1)])).toEqual([{ ...sale, in: 'dollars' }]);
    }
  });

  test('in parts, twice in a transaction, sells one token each time', () => {
    const part = (tokenId: number) =>
      order({ by: BOB, for: ADA, offer: [dollars(50n)], asks: [to(BOB, work(tokenId))] });
    const logs = [part(1), moves(ADA, BOB, 1), part(2), moves(ADA, BOB, 2)];
    expect(told(logs)).toEqual([
      { ...sale, price: 50n, in: 'dollars' },
      { ...sale, work: 2, price: 50n, in: 'dollars' },
    ]);
    expect(new Set(found(logs).map(({ saleId }) => saleId)).size).toBe(2);
  });

  test('in two currencies is two sales, with ids of their own', () => {
    const both = listing({ asks: [to(ADA, ether(70n)), to(ADA, dollars(30n))] });
    const sales = found([both, moves(ADA, BOB, 1)]);
    expect(sales.map(({ asset, price }) => [asset, price])).toEqual([
      [ETHER, 70n],
      [dollar, 30n],
    ]);
    expect(new Set(sales.map(({ saleId }) => saleId)).size).toBe(2);
  });

  test('of a bundle divides its price to the last unit among all tokens, foreign ones too', () => {
    const bundle = listing({ offer: [work(1), work(9, FOREIGN), work(2)] });
    const logs = [bundle, moves(ADA, BOB, 1), moves(ADA, BOB, 9, FOREIGN), moves(ADA, BOB, 2)];
    expect(told(logs)).toEqual([
      { ...sale, price: 34n },
      { ...sale, work: 2, price: 33n },
    ]);
    expect(found(logs).every(({ isBundled }) => isBundled)).toBe(true);
  });

  test('for nothing, or for tokens, is marked', () => {
    expect(told([listing({ asks: [] }), moves(ADA, BOB, 1)])).toEqual([
      { ...sale, price: 0n, marks: 'ZERO_PRICE' },
    ]);
    const swap = listing({ asks: [to(ADA, work(9, FOREIGN)), to(ADA, ether(100n))] });
    expect(told([swap, moves(ADA, BOB, 1), moves(BOB, ADA, 9, FOREIGN)])).toEqual([
      { ...sale, marks: 'BARTER' },
    ]);
  });

  test('sells from and to accounts, not the routers between them', () => {
    const router = at(0x404);
    const bought = listing({ for: router });
    expect(told([bought, moves(ADA, router, 1), moves(router, BOB, 1)])).toEqual([sale]);
    const bid = order({ by: BOB, for: router, offer: [dollars(100n)], asks: [to(BOB, work(1))] });
    expect(told([moves(ADA, router, 1), bid, moves(router, BOB, 1)])).toEqual([{ ...sale, in: 'dollars' }]);
  });

  test('that ends where it began is a wash trade', () => {
    const router = at(0x404);
    expect(told([listing({ for: router }), moves(ADA, router, 1), moves(router, ADA, 1)])).toEqual([
      { ...sale, to: 1, marks: 'WASH_TRADE' },
    ]);
  });

  test('sells nothing that did not move from who sold it', () => {
    expect(told([listing()])).toEqual([]);
    expect(told([listing(), moves(EVE, BOB, 1)])).toEqual([]);
    expect(told([listing(), moves(ADA, BOB, 2)])).toEqual([]);
    expect(told([listing({ offer: [work(9, FOREIGN)] }), moves(ADA, BOB, 9, FOREIGN)])).toEqual([]);
  });
});

describe('orders that are matched', () => {
  const buyers = { by: BOB, offer: [ether(100n)], hash: hashOf(2) };

  test('are one sale, at all that they pay together', () => {
    const logs = [
      listing({ for: at(0), asks: [to(ADA, ether(95n))] }),
      order({ ...buyers, asks: [to(BOB, work(1)), to(EVE, ether(5n))] }),
      matched(hashOf(1), hashOf(2)),
      moves(ADA, BOB, 1),
    ];
    expect(told(logs)).toEqual([sale]);
  });

  test('are a private sale if the seller’s names the buyer', () => {
    const logs = [
      listing({ for: at(0), asks: [to(ADA, ether(100n)), to(BOB, work(1))] }),
      order({ ...buyers, asks: [] }),
      matched(hashOf(1), hashOf(2)),
      moves(ADA, BOB, 1),
    ];
    expect(told(logs)).toEqual([{ ...sale, marks: 'PRIVATE' }]);
  });

  test('of two sellers keep their prices apart, and share what the buyer’s pays besides', () => {
    const logs = [
      listing({ for: at(0), asks: [to(ADA, ether(60n))] }),
      order({ by: EVE, offer: [work(2)], asks: [to(EVE, ether(30n))], hash: hashOf(3) }),
      order({ ...buyers, asks: [to(BOB, work(1)), to(BOB, work(2)), to(ARTIST, ether(11n))] }),
      matched(hashOf(1), hashOf(3), hashOf(2)),
      moves(ADA, BOB, 1),
      moves(EVE, BOB, 2),
    ];
    expect(told(logs)).toEqual([
      { ...sale, price: 66n },
      { ...sale, work: 2, from: 3, price: 35n },
    ]);
  });

  test('and others that are not, in one transaction, are told apart', () => {
    const logs = [
      order({ by: EVE, for: BOB, offer: [work(3)], asks: [to(EVE, ether(7n))], hash: hashOf(3) }),
      moves(EVE, BOB, 3),
      listing({ for: at(0), asks: [to(ADA, ether(100n))] }),
      order({ ...buyers, asks: [to(BOB, work(1))] }),
      matched(hashOf(1), hashOf(2)),
      moves(ADA, BOB, 1),
    ];
    expect(told(logs)).toEqual([{ ...sale, work: 3, from: 3, price: 7n }, sale]);
  });
});

describe('logs that lie', () => {
  test('an order of a contract that is not in the chain table counts for nothing', () => {
    const fake = listing({ emitter: EVE, asks: [to(ADA, ether(1_000_000n))] });
    expect(told([fake, moves(ADA, BOB, 1)])).toEqual([]);
    expect(told([fake, listing(), moves(ADA, BOB, 1)])).toEqual([sale]);
  });

  test('a transfer of a token with our numbers in another contract is none of our works', () => {
    expect(told([listing(), moves(ADA, BOB, 1, FOREIGN)])).toEqual([]);
  });

  test('an ERC-721 transfer is no money, and logs of any shape are passed over', () => {
    const odd = [
      { address: DOLLARS, topics: [], data: '0x' as const },
      { address: DOLLARS, topics: [pays(ADA, BOB, 1n).topics[0] ?? '0x'], data: '0x12' as const },
      { ...pays(BOB, ADA, 5n), data: '0x' as const },
      { address: SEAPORT, topics: [hashOf(9)], data: '0x00' as const },
    ];
    expect(told([...odd, moves(ADA, BOB, 1)], { to: EVE })).toEqual([]);
  });
});

describe('a transfer without an order', () => {
  const plain = { to: COLLECTION };

  test('is a sale for the tokens that its new holder paid its old one, royalty included', () => {
    const logs = [moves(ADA, BOB, 1), pays(BOB, ADA, 95n), pays(BOB, RECEIVER, 5n)];
    expect(told(logs, plain)).toEqual([{ ...sale, in: 'dollars' }]);
    expect(found(logs, plain)[0]).toMatchObject({ venue: 'DIRECT', orderHash: null });
  });

  test('is a sale for native money that its new holder sent to its old one', () => {
    expect(told([moves(ADA, BOB, 1)], { to: ADA, valueWei: 100n })).toEqual([sale]);
  });

  test.each([
    { what: 'nobody paid anything', logs: [] },
    { what: 'the old holder paid the new one', logs: [pays(ADA, BOB, 100n)] },
    { what: 'somebody else paid', logs: [pays(EVE, ADA, 100n)] },
    { what: 'only a royalty was paid', logs: [pays(BOB, RECEIVER, 5n)] },
  ])('is none if $what', ({ logs }) => {
    expect(told([moves(ADA, BOB, 1), ...logs], plain)).toEqual([]);
  });

  test('is none for native money that went to a contract of whom nothing is known', () => {
    expect(told([moves(ADA, BOB, 1)], { to: EVE, valueWei: 100n })).toEqual([]);
    expect(told([moves(ADA, BOB, 1)], { from: EVE, to: ADA, valueWei: 100n })).toEqual([]);
  });

  test('is a gift beside orders, whatever those paid', () => {
    expect(told([listing(), moves(ADA, BOB, 1), moves(ADA, BOB, 2), pays(BOB, ADA, 5n)])).toEqual([sale]);
  });

  test('of several works divides what was paid', () => {
    expect(told([moves(ADA, BOB, 1), moves(ADA, BOB, 2), pays(BOB, ADA, 101n)], plain)).toEqual([
      { ...sale, price: 51n, in: 'dollars' },
      { ...sale, work: 2, price: 50n, in: 'dollars' },
    ]);
  });

  test('to or from the collection is travel, not trade', () => {
    expect(told([moves(ADA, COLLECTION, 1), pays(COLLECTION, ADA, 5n)], plain)).toEqual([]);
  });
});

describe('payments', () => {
  const paid = (logs: Logs[0], payees = [getAddress(ARTIST)]) => {
    const executed = transaction(logs);
    const payments = findPayments(executed, findSales(executed, scene), {
      ...money,
      receiver: RECEIVER,
      vault: VAULT,
      payees,
    });
    return payments.map(({ receiver, asset, amount }) => [receiver.toLowerCase(), asset, amount]);
  };

  test('are what the receiver logs, tokens that go to it, and deposits of others into the vault', () => {
    expect(
      paid([receives(5n), pays(BOB, RECEIVER, 6n), deposits(BOB, 7n), deposits(BOB, 8n, DOLLARS)]),
    ).toEqual([
      [RECEIVER, ETHER, 5n],
      [RECEIVER, dollar, 6n],
      [VAULT, ETHER, 7n],
      [VAULT, dollar, 8n],
    ]);
  });

  test('are what is left of them when the token has charged the receiver', () => {
    const nobody = at(0);
    expect(
      paid([
        pays(BOB, RECEIVER, 100n),
        pays(RECEIVER, nobody, 1n),
        pays(BOB, RECEIVER, 50n),
        pays(RECEIVER, nobody, 2n),
        pays(RECEIVER, nobody, 4n, at(0xd1)),
        pays(BOB, RECEIVER, 3n, at(0xd1)),
        pays(RECEIVER, nobody, 3n, at(0xd1)),
        pays(RECEIVER, VAULT, 7n),
      ]),
    ).toEqual([
      [RECEIVER, dollar, 99n],
      [RECEIVER, dollar, 48n],
    ]);
  });

  test('are not counted again when the receiver forwards them', () => {
    expect(
      paid([deposits(RECEIVER, 5n), pays(RECEIVER, VAULT, 6n), deposits(RECEIVER, 6n, DOLLARS)]),
    ).toEqual([]);
  });

  test('are none by the logs of other contracts, or of nothing', () => {
    expect(paid([receives(5n, EVE), receives(0n), pays(BOB, RECEIVER, 0n)])).toEqual([]);
  });

  test('past the registry are seen in the orders that sold its works, but not what a seller gets', () => {
    const past = listing({ asks: [to(ADA, ether(95n)), to(ARTIST, ether(5n))] });
    expect(paid([past, moves(ADA, BOB, 1)])).toEqual([[ARTIST, ETHER, 5n]]);
    expect(paid([listing(), moves(ADA, BOB, 1)], [getAddress(ADA)])).toEqual([]);
    const others = listing({ offer: [work(9, FOREIGN)], asks: [to(ARTIST, ether(5n))] });
    expect(paid([others, moves(ADA, BOB, 9, FOREIGN)])).toEqual([]);
  });
});

test('every id is the same when the block, and so the number of each log in it, is another', () => {
  const logs = [listing(), moves(ADA, BOB, 1)];
  const once = found(logs);
  const again = found(logs, { blockNumber: 9, blockHash: hashOf(9) });
  expect(again.map(({ saleId }) => saleId)).toEqual(once.map(({ saleId }) => saleId));
});
