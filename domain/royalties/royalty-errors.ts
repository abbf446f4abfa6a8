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

/** A primary wallet is the artist's to change, by a signed request, and not at once. */
export class RoyaltyWalletFixedError extends DomainError {
  readonly code = ErrorCode.RoyaltyWalletFixed;

  constructor(primaryWallet: AccountId) {
    super(
      `primaryWallet: is ${primaryWallet}, which only the artist’s signed request changes (requestRoyaltyWalletChange).`,
    );
  }
}

/** A change of the primary wallet is under way, which this would come between. */
export class RoyaltyWalletChangePendingError extends DomainError {
  readonly code = ErrorCode.RoyaltyWalletChangePending;

  constructor(effectiveAt: Date) {
    super(
      `A change of the primary wallet is pending until ${effectiveAt.toISOString()}: no other is asked for before, and no policy may begin to hold after.`,
    );
  }
}

/** The change has taken effect, is due, or was cancelled. */
export class RoyaltyWalletChangeOverError extends DomainError {
  readonly code = ErrorCode.RoyaltyWalletChangeOver;

  constructor() {
    super('The change of the primary wallet cannot be cancelled any more.');
  }
}

/** The artist loses something by this policy, and has not consented. */
export class ArtistConsentMissingError extends DomainError {
  readonly code = ErrorCode.ArtistConsentMissing;

  constructor(account: AccountId) {
    super(
      `consent: the artist’s payee ${account} would get a smaller part of each sale, or be an artist no more. Have the primary wallet sign what prepareArtistConsent answers.`,
    );
  }
}

/** Not the present primary wallet's signature of this very change of this very project. */
export class ArtistConsentInvalidError extends DomainError {
  readonly code = ErrorCode.ArtistConsentInvalid;

  constructor() {
    super(
      'consent.signature: is not the signature that the primary wallet gives now to this change, nonce and deadline.',
    );
  }
}

/** The artist's consent came too late. */
export class ArtistConsentExpiredError extends DomainError {
  readonly code = ErrorCode.ArtistConsentExpired;

  constructor() {
    super('consent.deadline: is over, or more than 30 days away.');
  }
}

/** The artist consented to one change, which has been asked for. */
export class ArtistConsentUsedError extends DomainError {
  readonly code = ErrorCode.ArtistConsentUsed;

  constructor() {
    super('consent.nonce: was used before; a consent is good for one change.');
  }
}

/** The primary wallet is on a chain whose signatures are not understood here. */
export class ArtistCannotSignError extends DomainError {
  readonly code = ErrorCode.ArtistCannotSign;

  constructor(primaryWallet: AccountId) {
    super(`The primary wallet ${primaryWallet} is on no EVM chain; its signature cannot be checked here.`);
  }
}
