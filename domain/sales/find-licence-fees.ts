import { type Address, decodeEventLog, type Hex, isAddressEqual } from 'viem';
import { licenceBookAbi } from '../../chains/abi/licence-book';
import type { ExecutedTransaction } from '../../chains/evm/sales/executed-transaction';
import type { MoneyId } from '../../schema/caip';
import { selectorOf } from './find-payments';
import type { FoundPayment } from './found-sale';

/** A licence that a transaction bought. */
export interface Purchase {
  /** Of the book's log, among those of the transaction. */
  readonly place: number;
  readonly grantId: Hex;
  readonly offerId: bigint;
  readonly buyer: Address;
}

/** What an offer asked. */
export interface OfferedPrice {
  /** Null for native money. */
  readonly currency: MoneyId | null;
  readonly price: string;
}

const BOUGHT = selectorOf(licenceBookAbi, 'LicenceBought');

/** The licences that were bought from a book, in order. */
export function findPurchases({ logs }: ExecutedTransaction, book: Address): Purchase[] {
  return logs.flatMap((log, place) => {
    const [selector, ...indexed] = log.topics;
    if (selector !== BOUGHT || !isAddressEqual(log.address, book)) return [];
    const { args } = decodeEventLog({
      abi: licenceBookAbi,
      eventName: 'LicenceBought',
      topics: [selector, ...indexed],
      data: log.data,
    });
    return { place, grantId: args.grantId, offerId: args.offerId, buyer: args.buyer };
  });
}

/**
 * Marks the payments that were the prices of licences. A book has the price moved to the receiver right before it says
 * that a licence was bought: native money comes from the book itself, a token from the buyer.
 *
 * @param offerOf - Undefined for an offer that is not known: then its price is a deposit like any other.
 */
export function markLicenceFees(
  payments: readonly FoundPayment[],
  purchases: readonly Purchase[],
  {
    receiver,
    book,
    native,
  }: { readonly receiver: Address; readonly book: Address; readonly native: MoneyId },
  offerOf: (offerId: bigint) => OfferedPrice | undefined,
): FoundPayment[] {
  const marked = [...payments];
  for (const { place, grantId, offerId, buyer } of purchases) {
    const offer = offerOf(offerId);
    if (offer === undefined) continue;
    const asset = offer.currency ?? native;
    const payer = offer.currency === null ? book : buyer;
    const at = marked.findLastIndex(
      (payment) =>
        payment.place < place &&
        payment.licence === undefined &&
        payment.asset === asset &&
        payment.amount === BigInt(offer.price) &&
        isAddressEqual(payment.receiver, receiver) &&
        payment.payer !== null &&
        isAddressEqual(payment.payer, payer),
    );
    const payment = marked[at];
    if (payment !== undefined) marked[at] = { ...payment, licence: grantId };
  }
  return marked;
}
