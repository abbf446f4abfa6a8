import fc from 'fast-check';
import { accountName, entryName, type NewEntry } from '../../../domain/ledger/ledger-entry';
import { type AssessedSale, assessTransaction, type Deposit } from '../../../domain/royalties/assessment';
import { depositEntry, saleEntries } from '../../../domain/royalties/sale-entries';
import type { TenantId } from '../../../schema/ids';
import type { RoyaltyPolicy } from '../../../schema/inputs/royalty';
import { propertyRuns } from '../../support/property-runs';
import {
  HOUR_MS,
  type ObservedTransaction,
  policies,
  projectOf,
  START,
  termsUnder,
  transactions,
} from '../../support/royalty-arbitraries';
import { type Balances, LedgerHarness } from './harness';

const TRANSACTIONS = 8;

let h: LedgerHarness;
beforeAll(async () => {
  h = await LedgerHarness.create();
});
afterAll(() => h.destroy());

/** What happens to a chain and its followers. */
type Step =
  | {
      readonly do: 'record' | 'record again' | 'close' | 'reorg' | 'finalise';
      readonly from: number;
      readonly to: number;
    }
  | { readonly do: 'change the wallets'; readonly policy: RoyaltyPolicy };

const place = fc.integer({ min: 0, max: TRANSACTIONS });
const steps = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constantFrom('record', 'record', 'record again', 'close', 'reorg', 'finalise'),
        from: place,
        to: place,
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('change the wallets' as const), policy: policies }) },
  ),
  { minLength: 8, maxLength: 14 },
) as fc.Arbitrary<Step[]>;
const chain = fc.tuple(...Array.from({ length: TRANSACTIONS }, (_, n) => transactions(n)));

/** The books as they should be, kept the simplest way. */
class Model {
  private readonly standing = new Map<string, NewEntry>();
  private readonly seen = new Set<string>();
  readonly balances: Balances = {};

  /** @returns How many are new. */
  post(entries: readonly NewEntry[]): number {
    const added = entries.filter((entry) => !this.seen.has(nameOf(entry)));
    for (const entry of added) {
      this.seen.add(nameOf(entry));
      this.standing.set(nameOf(entry), entry);
      this.add(entry, 1n);
    }
    return added.length;
  }

  /** @returns How many were standing. */
  reverse(entries: readonly NewEntry[]): number {
    const fallen = entries.filter((entry) => this.standing.delete(nameOf(entry)));
    for (const entry of fallen) this.add(entry, -1n);
    return fallen.length;
  }

  private add({ postings }: NewEntry, sign: bigint): void {
    for (const { account, amount } of postings) {
      const name = accountName(account);
      const balance = (this.balances[name] ?? 0n) + sign * amount;
      if (balance === 0n) delete this.balances[name];
      else this.balances[name] = balance;
    }
  }
}

const nameOf = (entry: NewEntry) => entryName(entry, entry.inclusion);
const entriesOf = (observed: AssessedSale | Deposit) =>
  'sale' in observed ? saleEntries(observed) : [depositEntry(observed)];

/** A follower of a drawn chain, with the policy of the time at which it first recorded each transaction. */
class Follower {
  private policy: RoyaltyPolicy;
  private revision = 1;
  private readonly inclusions = new Map<number, number>();
  private readonly recorded = new Map<number, { policy: RoyaltyPolicy; revision: number; asOf: Date }>();

  constructor(
    private readonly chain: readonly ObservedTransaction[],
    first: RoyaltyPolicy,
  ) {
    this.policy = first;
  }

  change(policy: RoyaltyPolicy): void {
    this.policy = policy;
    this.revision += 1;
  }

  /** @param isLate - All windows are closed. */
  observe(n: number, isLate: boolean): (AssessedSale | Deposit)[] {
    const asOf = new Date(START + (isLate ? 1_000 * HOUR_MS : 0));
    const known = this.recorded.get(n) ?? { policy: this.policy, revision: this.revision, asOf };
    this.recorded.set(n, { ...known, asOf: asOf > known.asOf ? asOf : known.asOf });
    return this.seen(n);
  }

  /** As it was last recorded; nothing if it never was. */
  seen(n: number): (AssessedSale | Deposit)[] {
    const known = this.recorded.get(n);
    const transaction = this.chain[n];
    if (known === undefined || transaction === undefined) return [];
    const inclusion = this.inclusions.get(n) ?? 0;
    const { sales, deposits } = assessTransaction(
      {
        sales: transaction.sales.map((sale) => ({ ...sale, inclusion })),
        payments: transaction.payments.map((payment) => ({ ...payment, inclusion })),
      },
      ({ projectId }) => termsUnder(known.policy, known.revision, projectId),
      projectOf,
      known.asOf,
    );
    return [...sales, ...deposits];
  }

  /** The block falls: the next time it is another inclusion, maybe under another policy. */
  drop(n: number): void {
    if (!this.recorded.delete(n)) return;
    this.inclusions.set(n, (this.inclusions.get(n) ?? 0) + 1);
  }
}

/** One step, on the books and on the model; each repeated, as messages are. */
async function take(step: Step, tenantId: TenantId, follower: Follower, model: Model): Promise<void> {
  if (step.do === 'change the wallets') return follower.change(step.policy);
  const places = Array.from({ length: Math.max(0, step.to - step.from) }, (_, index) => step.from + index);
  if (step.do === 'finalise')
    return h.books.finalise(
      tenantId,
      places.flatMap((n) => follower.seen(n)),
    );
  if (step.do === 'reorg') {
    const fallen = places.flatMap((n) => follower.seen(n));
    expect(await h.books.takeBack(tenantId, fallen)).toBe(model.reverse(fallen.flatMap(entriesOf)));
    expect(await h.books.takeBack(tenantId, fallen)).toBe(0);
    for (const n of places) follower.drop(n);
    return;
  }
  const observed = places.flatMap((n) =>
    step.do === 'record again' ? follower.seen(n) : follower.observe(n, step.do === 'close'),
  );
  expect(await h.books.recordSales(tenantId, observed)).toBe(model.post(observed.flatMap(entriesOf)));
  expect(await h.books.recordSales(tenantId, [...observed, ...observed])).toBe(0);
}

test('books balance, and history gives every balance at every time, whatever is sold, paid, reorganised and changed', async () => {
  await fc.assert(
    fc.asyncProperty(chain, policies, steps, async (transactions, policy, drawn) => {
      const tenantId = await h.tenant();
      const follower = new Follower(transactions, policy);
      const model = new Model();
      const history: { at: Date; balances: Balances }[] = [];
      for (const step of drawn) {
        await take(step, tenantId, follower, model);
        history.push({ at: await h.now(), balances: { ...model.balances } });
      }
      expect(await h.balances(tenantId)).toEqual(model.balances);
      for (const { at, balances } of history) expect(await h.balances(tenantId, at)).toEqual(balances);
      await expectSound(tenantId);
    }),
    propertyRuns(6),
  );
});

/** What the tables say by themselves. */
async function expectSound(tenantId: TenantId): Promise<void> {
  const { rows } = await h.admin.query(
    `with history as (
       select p.balance, sum(p.amount) over (partition by p.account_id order by p.sequence) as summed,
              sum(p.amount) over (partition by a.asset order by p.sequence) as total
         from ledger_postings p join ledger_accounts a on a.tenant_id = p.tenant_id and a.id = p.account_id
        where p.tenant_id = $1
     )
     select (select count(*) from history where balance <> summed) as "wrongBalances",
            (select count(*) from history where total <> 0) as "unbalancedMoments",
            (select count(*) - coalesce(max(sequence), 0) from ledger_entries where tenant_id = $1) as gaps,
            (select count(*) from ledger_entries e join ledger_entries l on l.tenant_id = $1 and l.sequence = e.sequence + 1
              where e.tenant_id = $1 and l.posted_at < e.posted_at) as "backwards"`,
    [tenantId],
  );
  expect(rows).toEqual([{ wrongBalances: '0', unbalancedMoments: '0', gaps: '0', backwards: '0' }]);
}
