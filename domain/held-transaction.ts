import type { ChainTransaction } from '../chains/transactions/transaction';
import { ErrorCode } from '../schema/error-codes';

/** Why a transaction is held, for people. */
export interface HeldBecause {
  readonly code: ErrorCode;
  /** What it waits for, in two or three words. */
  readonly waitingFor: string;
  readonly reason: string;
  /** The way on, as a sentence. */
  readonly nextStep: string;
  readonly missingWei: string | null;
}

/** What a transaction in the state `held` waits for. */
export function heldBecause({
  from,
  missingWei = 0n,
  overLimit,
}: Pick<ChainTransaction, 'from' | 'missingWei' | 'overLimit'>): HeldBecause {
  if (overLimit === undefined) {
    return {
      code: ErrorCode.InsufficientFunds,
      waitingFor: 'money for fees',
      reason: `the account ${from} lacks ${missingWei} wei`,
      nextStep: 'Fund the account; it goes on by itself.',
      missingWei: String(missingWei),
    };
  }
  const { kind, limitWei, neededWei } = overLimit;
  const what = kind === 'FEE_PER_GAS' ? 'per unit of gas' : 'with all fees';
  return {
    code: ErrorCode.FeeLimitExceeded,
    waitingFor: 'a higher fee limit',
    reason: `it costs ${neededWei} wei ${what}, and the limit is ${limitWei} wei`,
    nextStep: 'Raise the limit by setFeeLimit, or wait for a lower price; it goes on by itself.',
    missingWei: null,
  };
}
