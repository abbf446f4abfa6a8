import type { Address, Hex } from 'viem';
import type { MoneyId } from '../../schema/caip';
import type { PaymentId, SaleId, WorkId } from '../../schema/ids';
import type { SaleMark, SaleVenue } from '../../schema/types/sale';

/** A work that a transaction sold, for one currency: what was paid in two is two sales. */
export interface FoundSale {
  readonly saleId: SaleId;
  readonly workId: WorkId;
  /** Of the work's transfer, among the logs of the transaction. */
  readonly place: number;
  readonly venue: SaleVenue;
  readonly orderHash: Hex | null;
  /** Who had it before the transaction moved it on to be sold, and who had it in the end. */
  readonly seller: Address;
  readonly buyer: Address;
  readonly asset: MoneyId;
  /** Base units: all that was paid, fees and royalty included. */
  readonly price: bigint;
  readonly isBundled: boolean;
  readonly marks: readonly SaleMark[];
}

/** Money that a transaction brought to a registry, or to a payee past it. */
export interface FoundPayment {
  readonly paymentId: PaymentId;
  readonly place: number;
  /** Null where the log does not say. */
  readonly payer: Address | null;
  readonly receiver: Address;
  readonly asset: MoneyId;
  /** Base units, above zero. */
  readonly amount: bigint;
  /** The grant that was bought with it; absent for other money. */
  readonly licence?: Hex;
}
