import type { AccountId, MoneyId } from '../../schema/caip';
import { DomainError, type ErrorDetail } from '../../schema/domain-error';
import { ErrorCode } from '../../schema/error-codes';

/** The shares of a policy's payees are not 100 % in all. */
export class RoyaltySplitsNotWholeError extends DomainError {
  readonly code = ErrorCode.RoyaltySplitsNotWhole;

  constructor(sumBps: number) {
    super(`The payees’ shares sum to ${sumBps} basis points; they must sum to 10000.`);
  }
}

/** A payee is named twice. */
export class RoyaltyPayeeRepeatedError extends DomainError {
  readonly code = ErrorCode.RoyaltyPayeeRepeated;

  constructor(account: AccountId) {
    super(`The payee ${account} is named twice; add its shares up.`);
  }
}

/** The primary wallet gets no share. */
export class RoyaltyWalletNotPayeeError extends DomainError {
  readonly code = ErrorCode.RoyaltyWalletNotPayee;

  constructor(primaryWallet: AccountId) {
    super(`The primary wallet ${primaryWallet} is none of the payees.`);
  }
}

/** A currency is named twice, perhaps with two thresholds. */
export class RoyaltyCurrencyRepeatedError extends DomainError {
  readonly code = ErrorCode.RoyaltyCurrencyRepeated;

  constructor(asset: MoneyId) {
    super(`The currency ${asset} is named twice.`);
  }
}

/** Somebody else has stated a revision meanwhile. */
export class RoyaltyPolicySupersededError extends DomainError {
  readonly code = ErrorCode.RoyaltyPolicySuperseded;

  constructor(expectedRevision: number, detail?: ErrorDetail) {
    super(
      `The project’s royalty policy is not at revision ${expectedRevision} any more. Read it again.`,
      detail,
    );
  }
}

/** A revision must not change what held before the last one did. */
export class RoyaltyPolicyBackdatedError extends DomainError {
  readonly code = ErrorCode.RoyaltyPolicyBackdated;

  constructor(previousFrom: Date) {
    super(
      `The revision must hold from after ${previousFrom.toISOString()}, when the one before it began to hold.`,
    );
  }
}
