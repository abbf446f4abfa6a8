import type { AccountId } from '../../schema/caip';
import { DomainError } from '../../schema/domain-error';
import { ErrorCode } from '../../schema/error-codes';

/** The registry belongs to somebody else, who has not consented. */
export class OwnerConsentMissingError extends DomainError {
  readonly code = ErrorCode.OwnerConsentMissing;

  constructor() {
    super('consent: this registry has an owner of its own; let it sign what prepareOwnerConsent answers.');
  }
}

/** Not the present owner's signature of this very change of this very registry. */
export class OwnerConsentInvalidError extends DomainError {
  readonly code = ErrorCode.OwnerConsentInvalid;

  constructor() {
    super(
      'consent.signature: is not the signature that the registry’s owner gives now to this change, nonce and deadline.',
    );
  }
}

/** The owner's consent came too late. */
export class OwnerConsentExpiredError extends DomainError {
  readonly code = ErrorCode.OwnerConsentExpired;

  constructor() {
    super('consent.deadline: is over, or more than 30 days away.');
  }
}

/** The owner consented to one change, which has been asked for. */
export class OwnerConsentUsedError extends DomainError {
  readonly code = ErrorCode.OwnerConsentUsed;

  constructor() {
    super('consent.nonce: was used before; a consent is good for one change.');
  }
}

/** The tenant's account owns the registry, or the change needs no consent: nobody would look at one. */
export class OwnerConsentUnusedError extends DomainError {
  readonly code = ErrorCode.Conflict;

  constructor() {
    super('consent: is not asked for here.');
  }
}

/** The registry's owner is a timelock that signs nothing: no consent of it can ever be had. */
export class OwnerCannotSignError extends DomainError {
  readonly code = ErrorCode.OwnerCannotSign;

  constructor(owner: AccountId) {
    super(
      `The registry’s owner ${owner} is a timelock without EIP-1271, which cannot sign. Have it make the change itself, by calls that it schedules and executes.`,
    );
  }
}
