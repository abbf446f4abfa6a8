import type { Address, Hex } from 'viem';
import type { ChainId } from '../../schema/caip';
import type { TenantId, TransactionId } from '../../schema/ids';
import type { TraceParent } from '../../tenants/trace';
import type { OverLimit } from './fee-limit';

/**
 * Where a transaction stands.
 *
 * - `held`: the account cannot pay, or would pay more than its tenant's limit; resumes by itself after
 *   funding, or when the limit is raised or the price falls. Nothing is signed, unless the money went
 *   away after signing (then the nonce is kept).
 * - `prepared`: signed and stored under a nonce; no endpoint is known to have it.
 * - `broadcast`: an endpoint took it.
 * - `mined`: in a block that may still be reorganised away; see {@link Inclusion}.
 * - `final`: in a block that the chain holds for final.
 * - `replaced`: a transaction that we did not send sits at its nonce, not yet final. When it is
 *   final the intent is signed anew under a new nonce; when it vanishes, ours is sent again.
 * - `dropped`: will never be sent, because the contract refused it when it was to be signed anew,
 *   or because it only filled a gap that another transaction filled.
 */
export const TransactionState = {
  Held: 'held',
  Prepared: 'prepared',
  Broadcast: 'broadcast',
  Mined: 'mined',
  Final: 'final',
  Replaced: 'replaced',
  Dropped: 'dropped',
} as const;

export type TransactionState = (typeof TransactionState)[keyof typeof TransactionState];

/** What a tenant's account is to do on one chain, once. */
export interface TransactionIntent {
  readonly tenantId: TenantId;
  readonly chainId: ChainId;
  /** Unique per tenant: the same key always means the same transaction. At most 200 characters. */
  readonly intentKey: string;
  readonly to: Address;
  readonly data: Hex;
  /** Native money sent along, in wei. */
  readonly valueWei: bigint;
  /** Gas limit. Without it the network's estimate plus a margin is taken. */
  readonly gas?: bigint;
}

/** EIP-1559 fees per unit of gas, in wei. */
export interface Fees {
  readonly maxFeePerGasWei: bigint;
  readonly maxPriorityFeePerGasWei: bigint;
}

/** One signed form of a transaction. All attempts under one nonce differ in their fees only. */
export interface Attempt extends Fees {
  readonly hash: Hex;
  /** The signed transaction, ready for `eth_sendRawTransaction`. */
  readonly raw: Hex;
  readonly nonce: number;
  readonly gas: bigint;
  /** Height of the chain when it was signed: under this height its nonce was still unused. */
  readonly signedAtBlock: bigint;
  readonly signedAt: Date;
}

/** The block that a transaction is in. */
export interface Inclusion {
  readonly hash: Hex;
  readonly blockNumber: bigint;
  readonly blockHash: Hex;
  /** False when the chain ran it and it reverted (receipt status 0). */
  readonly succeeded: boolean;
}

/** The part of a transaction that changes. Every change replaces the whole of it. */
export interface TransactionStatus {
  readonly state: TransactionState;
  readonly nonce?: number;
  /** How much the account lacks while `held` for that, in wei. */
  readonly missingWei?: bigint;
  /** By which limit it is `held`, if not for money. */
  readonly overLimit?: OverLimit;
  /** While `mined` or `final`. */
  readonly inclusion?: Inclusion;
  /** What the contract reverted with, if it refused the transaction or the transaction ran and failed. */
  readonly revertData?: Hex;
  /** The transaction that took the nonce, while `replaced`. */
  readonly replacedBy?: Hex;
}

/** An intent and everything that became of it. */
export interface ChainTransaction extends TransactionIntent, TransactionStatus {
  readonly id: TransactionId;
  /** Grows with every change, so that a change that was decided on an older state is seen and left out. */
  readonly version: number;
  readonly from: Address;
  /** Oldest first; those under an earlier nonce are kept as evidence. */
  readonly attempts: readonly Attempt[];
  /** Of the request that it goes back to. */
  readonly traceParent?: TraceParent;
  /** True for a self-transfer that only fills a gap in the nonces. */
  readonly fillsGap: boolean;
}

/** Whether the chain refused a transaction for good, or as far as it goes now. */
export function hasFailed({ state, inclusion }: TransactionStatus): boolean {
  return inclusion?.succeeded === false || state === TransactionState.Dropped;
}

/** The attempts under the current nonce, newest first: those that can still be mined. */
export function liveAttempts({ attempts, nonce }: ChainTransaction): Attempt[] {
  return attempts.filter((attempt) => attempt.nonce === nonce).reverse();
}

/** The attempt to broadcast. @throws Error if nothing was signed under the current nonce. */
export function newestAttempt(transaction: ChainTransaction): Attempt {
  const [newest] = liveAttempts(transaction);
  if (newest === undefined) throw new Error(`transaction ${transaction.id} has no signed attempt`);
  return newest;
}

/** The most that a transaction can cost its account, in wei. */
export function worstCostWei(gas: bigint, { maxFeePerGasWei }: Fees, valueWei: bigint): bigint {
  return gas * maxFeePerGasWei + valueWei;
}
