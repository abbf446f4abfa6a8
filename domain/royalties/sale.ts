import { createHash } from 'node:crypto';
import type { Hex } from 'viem';
import type { AccountId, ChainId, MoneyId } from '../../schema/caip';
import {
  type MovementId,
  movementIdSchema,
  type PaymentId,
  type ProjectId,
  paymentIdSchema,
  type SaleId,
  saleIdSchema,
} from '../../schema/ids';
import { allot } from './allotment';

/** A work that changed hands for money. */
export interface ObservedSale {
  readonly saleId: SaleId;
  readonly projectId: ProjectId;
  /** How often a reorg has taken it back before: 0 at first. */
  readonly inclusion: number;
  readonly transactionHash: Hex;
  readonly blockTime: Date;
  readonly asset: MoneyId;
  /** Base units. */
  readonly price: bigint;
  /** The price is its part of a bundle's. */
  readonly isBundled: boolean;
}

/** Money that moved as a royalty, or instead of one. */
export interface ObservedPayment {
  readonly paymentId: PaymentId;
  /** As of a sale. */
  readonly inclusion: number;
  readonly transactionHash: Hex;
  /** Block time. */
  readonly paidAt: Date;
  readonly receiver: AccountId;
  readonly asset: MoneyId;
  /** Base units, above zero. */
  readonly amount: bigint;
}

/** Works that were sold together for one price. */
export interface ObservedBundle extends Omit<ObservedSale, 'saleId' | 'projectId' | 'price' | 'isBundled'> {
  readonly price: bigint;
  /** In the order in which the order names them. */
  readonly items: readonly Pick<ObservedSale, 'saleId' | 'projectId'>[];
}

/** Where a chain shows a sale or a payment. It says nothing of the block, so that it stays the same after a reorg. */
export interface Origin {
  readonly chainId: ChainId;
  readonly transactionHash: Hex;
  readonly logIndex: number;
  /** Its place within what the log tells of. */
  readonly item: number;
}

/** The same for every observer. */
export function saleIdOf(origin: Origin): SaleId {
  return saleIdSchema.parse(idOf('sale', origin));
}

/** The same for every observer. */
export function paymentIdOf(origin: Origin): PaymentId {
  return paymentIdSchema.parse(idOf('payment', origin));
}

/** Of money that left a vault or came to it from another, or was spent on that; the same for every observer. */
export function movementIdOf(origin: Origin): MovementId {
  return movementIdSchema.parse(idOf('movement', origin));
}

/** A bundle's sales: its price in equal parts, to the last unit; of equals the first items get the units that are left. */
export function divideBundle({ items, price, ...shared }: ObservedBundle): ObservedSale[] {
  const prices = allot(
    price,
    items.map(() => 1n),
  );
  return items.map((item, place) => ({ ...shared, ...item, price: prices[place] ?? 0n, isBundled: true }));
}

/** A UUID of version 8 (RFC 9562) from a SHA-256. */
function idOf(what: string, { chainId, transactionHash, logIndex, item }: Origin): string {
  const bytes = createHash('sha256')
    .update([what, chainId, transactionHash.toLowerCase(), logIndex, item].join(' '))
    .digest()
    .subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
