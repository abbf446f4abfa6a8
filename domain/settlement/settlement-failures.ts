import type { ChainId } from '../../schema/caip';
import { ErrorCode } from '../../schema/error-codes';
import type { SettlementFailure } from '../../schema/types/settlement';

/** Why settlements fail, in words for people: each says where the money is. */

export const NOTHING_OWED: SettlementFailure = {
  code: ErrorCode.NothingToSettle,
  reason: 'Nothing is owed any more: its payees were paid, or the vault lost the money.',
  nextStep: 'Nothing is to be done.',
};

/** What two people approved does not pay the bridge any more. */
export function approvalLapsed(feeWei: bigint): SettlementFailure {
  return {
    code: ErrorCode.FeeLimitExceeded,
    reason: `For a day the bridge has asked for more than was approved: ${feeWei} wei now.`,
    nextStep: 'The money is where it was. Ask again, and approve what it costs then.',
  };
}

/** No bridge would ever carry it, as things are set up. */
export function noRoute(sourceChainId: ChainId, reason: string): SettlementFailure {
  return {
    code: ErrorCode.SettlementNoRoute,
    reason: `No bridge carries it: ${reason}.`,
    nextStep: `It stays credited on ${sourceChainId}, where its payee can withdraw it.`,
  };
}

/** A chain refused what was sent, `times` times. */
export function refusedByChain(reason: string, times: number): SettlementFailure {
  return {
    code: ErrorCode.ExecutionReverted,
    reason: `The chain refused it ${times} times: ${reason}.`,
    nextStep: 'The money is where it was. Ask again when the cause is gone.',
  };
}

export const PAYMENT_REFUSED: SettlementFailure = {
  code: ErrorCode.PaymentRefused,
  reason:
    'The payee does not take the money: its contract reverts, or needs more gas than a payment gives it.',
  nextStep: 'The payee keeps the credit and can withdraw it to another address.',
};

export const PAID_BEFORE: SettlementFailure = {
  code: ErrorCode.NothingToSettle,
  reason: 'Somebody else had the payee paid meanwhile.',
  nextStep: 'Nothing is to be done.',
};

export const CANCELLED: SettlementFailure = {
  code: ErrorCode.SettlementCancelled,
  reason: 'It was cancelled before it was submitted.',
  nextStep: 'The money is where it was, and can be settled anew.',
};
