import type { ChainHead } from './chain-reader';
import { type ChainTransaction, newestAttempt, TransactionState } from './transaction';

/** A nonce lane as the chain shows it at one moment. */
export interface LaneView {
  readonly head: ChainHead;
  /** Nonces below this one are used in blocks. */
  readonly usedNonces: number;
  /** Nonces below this one are used, or wait in the network's pool. */
  readonly pooledNonces: number;
  readonly now: Date;
  /** How long an attempt may wait for a block before its fees are raised. */
  readonly bumpAfterMs: number;
}

/**
 * What to do about an unfinished transaction:
 * - `sign`: it holds no nonce; try to sign it.
 * - `confirm`: see whether its block still stands, and is final.
 * - `locate`: its nonce is used; find out by which transaction.
 * - `bump`: sign another attempt with higher fees.
 * - `offer`: broadcast the newest attempt.
 */
export type Step = 'sign' | 'confirm' | 'locate' | 'bump' | 'offer' | 'wait';

/** Decides by what the chain shows alone, never by what an endpoint answered to an earlier broadcast. */
export function nextStep(transaction: ChainTransaction, view: LaneView): Step {
  const { state, nonce } = transaction;
  if (nonce === undefined) return 'sign';
  if (state === TransactionState.Mined) return 'confirm';
  if (nonce < view.usedNonces) return 'locate';
  if (isOverdue(transaction, nonce, view)) return 'bump';
  const inPool = state === TransactionState.Broadcast && nonce < view.pooledNonces;
  return inPool ? 'wait' : 'offer';
}

/**
 * An attempt is overdue once its time is up, a block has passed it by, and its fees can be the
 * reason: it is the lane's next, or it pays less than the base fee. (The others wait for the next one.)
 */
function isOverdue(transaction: ChainTransaction, nonce: number, view: LaneView): boolean {
  const attempt = newestAttempt(transaction);
  const timeUp = view.now.getTime() - attempt.signedAt.getTime() >= view.bumpAfterMs;
  const passedBy = view.head.blockNumber > attempt.signedAtBlock;
  const feesMatter = nonce === view.usedNonces || attempt.maxFeePerGasWei < view.head.baseFeeWei;
  return timeUp && passedBy && feesMatter;
}
