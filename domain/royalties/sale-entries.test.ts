import fc from 'fast-check';
import { propertyRuns } from '../../test/support/property-runs';
import { policies, projectOf, START, termsUnder, transactions } from '../../test/support/royalty-arbitraries';
import { accountName, type NewEntry } from '../ledger/ledger-entry';
import { assessTransaction, suspendedOf } from './assessment';
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

test('all that came to a receiver is in the books as come and not yet credited to anybody, to the last unit', () => {
  fc.assert(
    fc.property(cases, (given) => {
      const { sales, deposits } = assess(given);
      const entries = [...sales.flatMap(saleEntries), ...deposits.map(depositEntry)];
      const received = new Map<string, bigint>();
      for (const { receiver, asset, amount } of given.transaction.payments) {
        const projectId = projectOf(receiver);
        if (projectId === undefined) continue;
        for (const [kind, sign] of [
          ['RECEIVER', 1n],
          ['UNSPLIT', -1n],
        ] as const) {
          const name = `${kind} ${projectId} ${asset}`;
          received.set(name, (received.get(name) ?? 0n) + sign * amount);
        }
      }
      const money = sums(
        entries.map((entry) => ({
          ...entry,
          postings: entry.postings.filter(({ account }) => ['RECEIVER', 'UNSPLIT'].includes(account.kind)),
        })),
        ({ account }) => accountName(account),
      );
      expect(money).toEqual(received);
    }),
    RUNS,
  );
});

test('what a sale owes is paid, still to come, or bad debt: nothing of it gets lost, and nothing is counted twice', () => {
  fc.assert(
    fc.property(cases, (given) => {
      for (const assessed of assess(given).sales) {
        const counting = saleEntries(assessed).filter(({ kind }) => kind !== 'DEPOSIT');
        const of = sums(counting, ({ account }) => account.kind);
        const { expected, paid, shortfall, isClosed, counted, verdict } = assessed;
        const found = ['SALE_CLEARING', 'BAD_DEBT', 'ROYALTY_DUE'].map((kind) => of.get(kind) ?? 0n);
        expect([...found, of.get('UNSPLIT') ?? 0n]).toEqual([
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

test('what came for no known reason is in suspense, and only that: claims and suspense stand against what is due', () => {
  fc.assert(
    fc.property(cases, (given) => {
      const { sales, deposits } = assess(given);
      const entries = [...sales.flatMap(saleEntries), ...deposits.map(depositEntry)];
      const of = sums(entries, ({ account }) => account.kind);
      const suspended = [...suspendedOf(sales, deposits).values()].reduce((sum, amount) => sum + amount, 0n);
      expect(of.get('SUSPENSE') ?? 0n).toBe(-suspended);
      const claims = ['SALE_CLEARING', 'BAD_DEBT', 'SUSPENSE', 'ROYALTY_DUE'].map(
        (kind) => of.get(kind) ?? 0n,
      );
      expect(claims.reduce((sum, amount) => sum + amount, 0n)).toBe(0n);
    }),
    RUNS,
  );
});
