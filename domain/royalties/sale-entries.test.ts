import fc from 'fast-check';
import { propertyRuns } from '../../test/support/property-runs';
import {
  policies,
  projectOf,
  receiverOf,
  START,
  termsUnder,
  transactions,
} from '../../test/support/royalty-arbitraries';
import type { NewEntry } from '../ledger/ledger-entry';
import { assessTransaction } from './assessment';
import { depositEntry, saleEntries } from './sale-entries';

/** A transaction, the policy of each project that sells in it, and when it is looked at: early, or when windows are closed. */
const cases = fc.record({
  transaction: transactions(0),
  policy: policies,
  asOf: fc.constantFrom(new Date(START), new Date(START + 86_400_000)),
});
const RUNS = propertyRuns(200);

function assess({ transaction, policy, asOf }: typeof cases extends fc.Arbitrary<infer Case> ? Case : never) {
  return assessTransaction(transaction, ({ projectId }) => termsUnder(policy, 1, projectId), projectOf, asOf);
}

/** Sums of an entry, by whatever names a posting. */
function sums(entries: readonly NewEntry[], nameOf: (posting: NewEntry['postings'][0]) => string) {
  const totals = new Map<string, bigint>();
  for (const posting of entries.flatMap(({ postings }) => postings)) {
    const name = nameOf(posting);
    totals.set(name, (totals.get(name) ?? 0n) + posting.amount);
  }
  return totals;
}

test('every entry balances in each asset, whatever was sold and paid', () => {
  fc.assert(
    fc.property(cases, (given) => {
      const { sales, deposits } = assess(given);
      const entries = [...sales.flatMap(saleEntries), ...deposits.map(depositEntry)];
      const totals = entries.flatMap((entry) => [...sums([entry], ({ account }) => account.asset).values()]);
      expect(totals.filter((total) => total !== 0n)).toEqual([]);
    }),
    RUNS,
  );
});

test('all that came to a receiver is in its vault, and owed to payees or in suspense, to the last unit', () => {
  fc.assert(
    fc.property(cases, (given) => {
      const { sales, deposits } = assess(given);
      const entries = [...sales.flatMap(saleEntries), ...deposits.map(depositEntry)];
      const received = new Map<string, bigint>();
      for (const { receiver, asset, amount } of given.transaction.payments) {
        const projectId = projectOf(receiver);
        if (projectId === undefined) continue;
        const name = `VAULT ${projectId} ${asset}`;
        received.set(name, (received.get(name) ?? 0n) + amount);
      }
      const vaults = sums(
        entries.map((entry) => ({
          ...entry,
          postings: entry.postings.filter(({ account }) => account.kind === 'VAULT'),
        })),
        ({ account }) => `VAULT ${account.owner} ${account.asset}`,
      );
      expect(vaults).toEqual(received);
    }),
    RUNS,
  );
});

test('what a sale owes is paid, still to come, or bad debt: nothing of it gets lost, and nothing is counted twice', () => {
  fc.assert(
    fc.property(cases, (given) => {
      for (const assessed of assess(given).sales) {
        const of = sums(saleEntries(assessed), ({ account }) => account.kind);
        const { expected, paid, shortfall, isClosed, counted, verdict } = assessed;
        const owed = (of.get('ARTIST_PAYABLE') ?? 0n) + (of.get('PLATFORM_FEE') ?? 0n);
        const found = ['SALE_CLEARING', 'BAD_DEBT', 'ROYALTY_DUE'].map((kind) => of.get(kind) ?? 0n);
        expect([...found, owed]).toEqual([
          isClosed ? 0n : shortfall,
          isClosed ? shortfall : 0n,
          -shortfall,
          -paid,
        ]);
        const sum = counted.reduce((total, { amount }) => total + amount, 0n);
        expect([sum, verdict === 'OVER', shortfall]).toEqual([
          paid,
          paid > expected,
          paid < expected ? expected - paid : 0n,
        ]);
      }
    }),
    RUNS,
  );
});

test('what was posted of a sale stays as it is when its window closes: only what is missing is added', () => {
  fc.assert(
    fc.property(cases, (given) => {
      const early = assess({ ...given, asOf: new Date(START) }).sales.flatMap(saleEntries);
      const late = assess({ ...given, asOf: new Date(START + 86_400_000) }).sales.flatMap(saleEntries);
      expect(late.filter(({ kind }) => kind !== 'UNPAID')).toEqual(early);
    }),
    RUNS,
  );
});

test('the platform’s share is its fee, and every other payee’s is owed to it', () => {
  const [policy] = fc.sample(
    policies.filter(({ splits, royaltyBps }) => splits.length > 1 && royaltyBps > 0),
    { numRuns: 1, seed: 7 },
  );
  if (policy === undefined) throw new Error('no policy was drawn');
  const [transaction] = fc.sample(
    transactions(0).filter(({ sales, payments }) => sales.length === 1 && payments.length === 1),
    { numRuns: 1, seed: 7 },
  );
  const [sold] = transaction?.sales ?? [];
  const [payment] = transaction?.payments ?? [];
  if (sold === undefined || payment === undefined) throw new Error('no transaction was drawn');
  const exact = {
    ...payment,
    asset: sold.asset,
    receiver: receiverOf(sold.projectId),
    paidAt: sold.blockTime,
  };
  const { sales } = assess({
    transaction: { sales: [sold], payments: [{ ...exact, amount: 10_000n }] },
    policy: { ...policy, currencies: [] },
    asOf: new Date(START),
  });
  const owed = sums(sales.flatMap(saleEntries), ({ account }) => `${account.kind} ${account.owner}`);
  for (const { account, role, shareBps } of policy.splits)
    expect(owed.get(`${role === 'PLATFORM' ? 'PLATFORM_FEE' : 'ARTIST_PAYABLE'} ${account}`)).toBe(
      -BigInt(shareBps),
    );
});
