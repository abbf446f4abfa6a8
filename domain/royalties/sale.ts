import { createHash } from 'node:crypto';
import type { Hex } from 'viem';
import type { AccountId, ChainId, MoneyId } from '../../schema/caip';
import {
  type MovementId,
  movementIdSchema,
  type PaymentId,
  type ProjectId,
  paymentIdSchema,
  type RegistryId,
  type SaleId,
  saleIdSchema,
} from '../../schema/ids';

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

/** Where a chain shows a sale or a payment. It says nothing of the block, so that it stays the same after a reorg. */
export interface Origin {
  /** Whose sale or payment it is: two of a tenant's may each have their part in one log. */
  readonly registryId: RegistryId;
  readonly chainId: ChainId;
  readonly transactionHash: Hex;
  /** Place among the logs of the transaction, from 0: its number in the block would change with the block. */
  readonly logIndex: number;
  /** Its place within what the log tells of. */
  readonly item: number;
}

/** The same for every observer. */
export function saleIdOf(origin: Origin): SaleId {
  return saleIdSchema.parse(idOf('sale', origin.registryId, origin));
}

/** The same for every observer. */
export function paymentIdOf(origin: Origin): PaymentId {
  return paymentIdSchema.parse(idOf('payment', origin.registryId, origin));
}

/**
 * Of money that left a vault or came to it from another, or was spent on that; the same for every observer. A vault is
 * one registry's.
 */
export function movementIdOf(place: Omit<Origin, 'registryId'>): MovementId {
  return movementIdSchema.parse(idOf('movement', undefined, place));
}

/** A UUID of version 8 (RFC 9562) from a SHA-256. */
function idOf(
  what: string,
  owner: RegistryId | undefined,
  { chainId, transactionHash, logIndex, item }: Omit<Origin, 'registryId'>,
): string {
  const named = owner === undefined ? [what] : [what, owner];
  const bytes = createHash('sha256')
    .update([...named, chainId, transactionHash.toLowerCase(), logIndex, item].join(' '))
    .digest()
    .subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
