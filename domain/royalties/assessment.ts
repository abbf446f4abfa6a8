import type { AccountId } from '../../schema/caip';
import type { PaymentId, ProjectId } from '../../schema/ids';
import type { RoyaltyPolicy } from '../../schema/inputs/royalty';
import { Ground } from '../../schema/types/ledger';
import { Verdict } from '../../schema/types/sale';
import { allot } from './allotment';
import { royaltyOf } from './royalty-policy';
import type { ObservedPayment, ObservedSale } from './sale';

/** What a project's sales at some time are held to. */
export interface RoyaltyTerms {
  readonly revision: number;
  readonly policy: RoyaltyPolicy;
  /** The registry's receivers and vaults, on all its chains. */
  readonly receivers: ReadonlySet<AccountId>;
}

/** What of a payment falls to one sale. */
export interface PaymentShare extends ObservedPayment {
  /** Other sales have parts of it, too. */
  readonly isShared: boolean;
}

/** Expected against paid, in base units of the sale's asset. */
export interface Assessment {
  readonly ground: Ground;
  readonly verdict: Verdict;
  readonly expected: bigint;
  readonly paid: bigint;
  /** What is missing; zero if too much was paid. */
  readonly shortfall: bigint;
}

/** A sale with what it owed and what came of it. */
export interface AssessedSale extends Assessment {
  readonly sale: ObservedSale;
  readonly terms: RoyaltyTerms;
  /** The payments that count, oldest first. */
  readonly counted: readonly PaymentShare[];
  /** What came into the vault and does not count: in another currency, or too late. */
  readonly stray: readonly PaymentShare[];
  /** Nothing that comes from now on counts. */
  readonly isClosed: boolean;
}

/** Money in a project's vault that belongs to no known sale. */
export interface Deposit {
  readonly projectId: ProjectId;
  readonly payment: ObservedPayment;
}

/**
 * Compares what a sale owes with what came. A payment counts if it came to the registry, in the sale's asset, which the
 * policy must accept, within the window; there is no conversion.
 *
 * @param asOf - Block time up to which every payment is known.
 */
export function assessSale(
  sale: ObservedSale,
  terms: RoyaltyTerms,
  payments: readonly PaymentShare[],
  asOf: Date,
): AssessedSale {
  const { policy, receivers } = terms;
  const closesAt = new Date(sale.blockTime.getTime() + policy.paymentWindowSeconds * 1_000);
  const isAccepted =
    policy.currencies.length === 0 || policy.currencies.some(({ asset }) => asset === sale.asset);
  const received = payments.filter(({ receiver }) => receivers.has(receiver)).sort(byTime);
  const inTime = received.filter(({ paidAt }) => paidAt <= closesAt);
  const counted = inTime.filter(({ asset }) => isAccepted && asset === sale.asset);
  const expected = royaltyOf(policy, sale.price);
  const paid = counted.reduce((sum, { amount }) => sum + amount, 0n);
  const isClosed = asOf > closesAt;
  const verdict = verdictOf({
    expected,
    paid,
    isClosed,
    isElsewhere: payments.length > received.length,
    isOther: inTime.length > counted.length,
  });
  return {
    sale,
    terms,
    ground: verdict === Verdict.WRONG_CURRENCY ? Ground.UNATTRIBUTED : groundOf(sale, counted),
    verdict,
    expected,
    paid,
    shortfall: expected > paid ? expected - paid : 0n,
    counted,
    stray: received.filter((payment) => !counted.includes(payment)),
    isClosed,
  };
}

/** PROVEN: the sale alone with its payment in one transaction. A sale without payments is as sure as its price. */
export function groundOf(sale: ObservedSale, payments: readonly PaymentShare[]): Ground {
  const isProven = payments.every(
    ({ isShared, transactionHash }) => !isShared && transactionHash === sale.transactionHash,
  );
  return isProven && !sale.isBundled ? Ground.PROVEN : Ground.ALLOCATED;
}

/**
 * Assesses all sales of one transaction with the payments in it. A payment to a project's receiver is for that project's
 * sales, those in its asset if there are some; any other is for all. Among several it is divided in proportion to what
 * they owe, to the last unit (see {@link allot}), in the order of their ids.
 *
 * @returns The sales, and what came to a receiver whose project sold nothing there.
 */
export function assessTransaction(
  {
    sales,
    payments,
  }: { readonly sales: readonly ObservedSale[]; readonly payments: readonly ObservedPayment[] },
  termsOf: (sale: ObservedSale) => RoyaltyTerms,
  projectOf: (receiver: AccountId) => ProjectId | undefined,
  asOf: Date,
): { readonly sales: AssessedSale[]; readonly deposits: Deposit[] } {
  const shares = new Map<ObservedSale, PaymentShare[]>(sales.map((sale) => [sale, []]));
  const deposits: Deposit[] = [];
  for (const payment of payments) {
    const projectId = projectOf(payment.receiver);
    const candidates = candidatesFor(payment, projectId, sales);
    if (candidates.length === 0) {
      if (projectId !== undefined) deposits.push({ projectId, payment });
      continue;
    }
    const amounts = allot(
      payment.amount,
      candidates.map((sale) => royaltyOf(termsOf(sale).policy, sale.price)),
    );
    candidates.forEach((sale, place) => {
      const amount = amounts[place] ?? 0n;
      if (amount > 0n) shares.get(sale)?.push({ ...payment, amount, isShared: candidates.length > 1 });
    });
  }
  return {
    sales: sales.map((sale) => assessSale(sale, termsOf(sale), shares.get(sale) ?? [], asOf)),
    deposits,
  };
}

/** What of each payment is of no known reason, in base units. */
export function suspendedOf(
  sales: readonly Pick<AssessedSale, 'stray'>[],
  deposits: readonly Deposit[],
): ReadonlyMap<PaymentId, bigint> {
  const suspended = new Map<PaymentId, bigint>();
  const payments = [...sales.flatMap(({ stray }) => stray), ...deposits.map(({ payment }) => payment)];
  for (const { paymentId, amount } of payments)
    suspended.set(paymentId, (suspended.get(paymentId) ?? 0n) + amount);
  return suspended;
}

function candidatesFor(
  { asset }: ObservedPayment,
  projectId: ProjectId | undefined,
  sales: readonly ObservedSale[],
): ObservedSale[] {
  const own = projectId === undefined ? [...sales] : sales.filter((sale) => sale.projectId === projectId);
  const inAsset = own.filter((sale) => sale.asset === asset);
  return (inAsset.length === 0 ? own : inAsset).sort((one, other) => (one.saleId < other.saleId ? -1 : 1));
}

function verdictOf(found: {
  readonly expected: bigint;
  readonly paid: bigint;
  readonly isClosed: boolean;
  /** Money went past the registry. */
  readonly isElsewhere: boolean;
  /** Money came in time in another currency. */
  readonly isOther: boolean;
}): Verdict {
  const { expected, paid, isClosed, isElsewhere, isOther } = found;
  if (paid === expected) return Verdict.EXACT;
  if (paid > expected) return Verdict.OVER;
  if (paid > 0n) return Verdict.UNDER;
  if (isOther) return Verdict.WRONG_CURRENCY;
  if (isElsewhere) return Verdict.WRONG_RECEIVER;
  return isClosed ? Verdict.UNPAID : Verdict.UNMATCHED;
}

function byTime(one: PaymentShare, other: PaymentShare): number {
  return (
    one.paidAt.getTime() - other.paidAt.getTime() ||
    (one.paymentId < other.paymentId ? -1 : one.paymentId > other.paymentId ? 1 : 0)
  );
}
