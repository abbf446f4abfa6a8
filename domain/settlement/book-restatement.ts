import type { MoneyId } from '../../schema/caip';
import type { PaymentId } from '../../schema/ids';
import { AccountKind, EntryKind } from '../../schema/types/ledger';
import { type NewEntry, type Posting, WHOLE } from '../ledger/ledger-entry';
import type { StandingEntry } from '../ledger/ledger-repository';
import { cameIn } from '../royalties/sale-entries';

/**
 * Earlier releases credited payees when money came, by their own division, and kept in SUSPENSE what vaults owed to
 * nobody whom they knew. Such an entry stays as it is, and a linked one beside it makes both say what one would now.
 */
export function isDated({ kind, postings }: StandingEntry): boolean {
  if (kind === EntryKind.PAYMENT || kind === EntryKind.DEPOSIT) return has(postings, AccountKind.VAULT);
  return (kind === EntryKind.PAYOUT || kind === EntryKind.ARRIVAL) && has(postings, AccountKind.SUSPENSE);
}

/** What stands beside a dated entry. */
export function restatementOf(entry: StandingEntry): NewEntry {
  return { ...entry, kind: EntryKind.RESTATEMENT, postings: restated(entry) };
}

/** The payment that a dated entry put into suspense, with how much of it; undefined for any other entry. */
export function suspendedBy({
  kind,
  subject,
  part,
  postings,
}: StandingEntry): { readonly paymentId: PaymentId; readonly amount: bigint } | undefined {
  const suspended = postings.find(({ account }) => account.kind === AccountKind.SUSPENSE);
  if (kind !== EntryKind.DEPOSIT || suspended === undefined) return undefined;
  // CAST: a deposit is of a payment, or of a payment's part in a sale.
  return { paymentId: (part === WHOLE ? subject : part) as PaymentId, amount: -suspended.amount };
}

function restated({ kind, projectId, postings }: StandingEntry): Posting[] {
  if (kind === EntryKind.PAYOUT || kind === EntryKind.ARRIVAL)
    return postings
      .filter(({ account }) => account.kind === AccountKind.SUSPENSE)
      .flatMap(({ account, amount }) => [
        { account, amount: -amount },
        { account: { ...account, kind: AccountKind.UNSPLIT }, amount },
      ]);
  const money = postings.filter(({ account }) => MONEY.has(account.kind));
  const came = money.filter(({ account }) => account.kind === AccountKind.VAULT);
  return [
    ...money.map(({ account, amount }) => ({ account, amount: -amount })),
    ...came.flatMap(({ account: { asset }, amount }) => [
      ...cameIn(projectId, { asset, amount }),
      ...(kind === EntryKind.DEPOSIT ? [due(projectId, asset, amount)] : []),
    ]),
  ];
}

const MONEY: ReadonlySet<AccountKind> = new Set([
  AccountKind.VAULT,
  AccountKind.ARTIST_PAYABLE,
  AccountKind.PLATFORM_FEE,
]);

function due(owner: string, asset: MoneyId, amount: bigint): Posting {
  return { account: { kind: AccountKind.ROYALTY_DUE, owner, asset }, amount };
}

function has(postings: readonly Posting[], kind: AccountKind): boolean {
  return postings.some(({ account }) => account.kind === kind);
}
