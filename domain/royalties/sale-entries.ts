import type { ProjectId } from '../../schema/ids';
import { AccountKind, EntryKind, Ground } from '../../schema/types/ledger';
import { type NewEntry, type Posting, WHOLE } from '../ledger/ledger-entry';
import { type AssessedSale, type Deposit, groundOf, type PaymentShare } from './assessment';
import type { ObservedPayment } from './sale';

/** A sale, and which revision it follows. */
interface SaleUnderTerms extends Pick<AssessedSale, 'sale'> {
  readonly terms: Pick<AssessedSale['terms'], 'revision'>;
}

/** What was observed and belongs into the books. */
export type Observed = AssessedSale | Deposit;

/** What the books tell of what was observed. */
export function entriesOf(observed: Observed): NewEntry[] {
  return 'sale' in observed ? saleEntries(observed) : [depositEntry(observed)];
}

/** What the books tell of a sale: what it owes, each payment that came, and what is missing once its window is closed. */
export function saleEntries(assessed: AssessedSale): NewEntry[] {
  const { sale, expected, counted, stray, isClosed } = assessed;
  const owed = saleEntry(assessed, EntryKind.SALE, [
    on(assessed, AccountKind.SALE_CLEARING, expected),
    on(assessed, AccountKind.ROYALTY_DUE, -expected),
  ]);
  return [
    owed,
    ...paymentEntries(assessed, counted),
    ...stray.map((payment) => ({
      ...depositEntry({ projectId: sale.projectId, payment }),
      subject: sale.saleId,
      part: payment.paymentId,
    })),
    ...(isClosed ? [unpaidEntry(assessed)] : []),
  ].filter(({ postings }) => postings.some(({ amount }) => amount !== 0n));
}

/** What a sale lacks when its window has closed. */
export function unpaidEntry(assessed: SaleUnderTerms & Pick<AssessedSale, 'shortfall'>): NewEntry {
  const { shortfall } = assessed;
  return saleEntry(assessed, EntryKind.UNPAID, [
    on(assessed, AccountKind.BAD_DEBT, shortfall),
    on(assessed, AccountKind.SALE_CLEARING, -shortfall),
  ]);
}

/** Money of no known sale: it came in, and is in suspense until somebody tells what it was for. */
export function depositEntry({ projectId, payment }: Deposit): NewEntry {
  const { paymentId, inclusion, paidAt, asset, amount } = payment;
  return {
    subject: paymentId,
    part: WHOLE,
    kind: EntryKind.DEPOSIT,
    inclusion,
    projectId,
    occurredAt: paidAt,
    ground: Ground.UNATTRIBUTED,
    policyRevision: undefined,
    postings: [
      ...cameIn(projectId, payment),
      { account: { kind: AccountKind.ROYALTY_DUE, owner: projectId, asset }, amount },
      { account: { kind: AccountKind.SUSPENSE, owner: projectId, asset }, amount: -amount },
    ],
  };
}

/** The price of a licence: nothing was owed before it came. */
export function licenceEntry({ projectId, payment }: Deposit): NewEntry {
  const { paymentId, inclusion, paidAt } = payment;
  return {
    subject: paymentId,
    part: WHOLE,
    kind: EntryKind.LICENCE,
    inclusion,
    projectId,
    occurredAt: paidAt,
    ground: Ground.PROVEN,
    policyRevision: undefined,
    postings: cameIn(projectId, payment),
  };
}

/** Money that came: nobody is credited before the vault credits him. */
export function cameIn(
  owner: ProjectId,
  { asset, amount }: Pick<ObservedPayment, 'asset' | 'amount'>,
): Posting[] {
  return [
    { account: { kind: AccountKind.RECEIVER, owner, asset }, amount },
    { account: { kind: AccountKind.UNSPLIT, owner, asset }, amount: -amount },
  ];
}

/** Each payment settles what is left of what the sale owes; what is too much settles nothing. */
function paymentEntries(assessed: AssessedSale, counted: readonly PaymentShare[]): NewEntry[] {
  let left = assessed.expected;
  return counted.map((payment) => {
    const settled = payment.amount < left ? payment.amount : left;
    left -= settled;
    return paymentEntry(assessed, payment, settled);
  });
}

function paymentEntry(assessed: AssessedSale, payment: PaymentShare, settled: bigint): NewEntry {
  const { sale } = assessed;
  return {
    ...saleEntry(assessed, EntryKind.PAYMENT, [
      ...cameIn(sale.projectId, payment),
      on(assessed, AccountKind.ROYALTY_DUE, settled),
      on(assessed, AccountKind.SALE_CLEARING, -settled),
    ]),
    part: payment.paymentId,
    inclusion: payment.inclusion,
    occurredAt: payment.paidAt,
    ground: groundOf(sale, [payment]),
  };
}

function saleEntry({ sale, terms }: SaleUnderTerms, kind: EntryKind, postings: readonly Posting[]): NewEntry {
  return {
    subject: sale.saleId,
    part: WHOLE,
    kind,
    inclusion: sale.inclusion,
    projectId: sale.projectId,
    occurredAt: sale.blockTime,
    ground: groundOf(sale, []),
    policyRevision: terms.revision,
    postings,
  };
}

function on({ sale }: Pick<AssessedSale, 'sale'>, kind: AccountKind, amount: bigint): Posting {
  return { account: { kind, owner: sale.projectId, asset: sale.asset }, amount };
}
