import { DomainError, type ErrorDetail } from '../../schema/domain-error';
import { ErrorCode } from '../../schema/error-codes';

/** Nothing that was given opens a session. It does not say which part was wrong, or whether there is such a member. */
export class SignInFailedError extends DomainError {
  readonly code = ErrorCode.SignInFailed;

  constructor(publicMessage = 'These do not belong to a member of this tenant.', detail: ErrorDetail = {}) {
    super(publicMessage, detail);
  }
}

/** What was begun is over: it took too long, or was finished before. */
export class SignInExpiredError extends DomainError {
  readonly code = ErrorCode.SignInExpired;

  constructor() {
    super('It is over, or was used before. Begin again.');
  }
}

/** The invitation was taken before, taken back or renewed, has expired, or never was. */
export class InvitationOverError extends DomainError {
  readonly code = ErrorCode.InvitationOver;

  constructor() {
    super('The invitation is over. Ask for a new one.');
  }
}

export class MemberExistsError extends DomainError {
  readonly code = ErrorCode.MemberExists;

  constructor() {
    super('There is a member with this address already. `renewInvitation` makes another invitation.');
  }
}

/** The tenant has as many members as it may have. */
export class MemberLimitReachedError extends DomainError {
  readonly code = ErrorCode.MemberLimitReached;

  constructor(limit: number) {
    super(`A tenant has at most ${limit} members. Remove one first.`);
  }
}

/** Without an owner nobody could make owners any more. */
export class LastOwnerError extends DomainError {
  readonly code = ErrorCode.LastOwner;

  constructor() {
    super('No other owner has joined. Make another one first.');
  }
}

/** Another member signs in with it. */
export class IdentityTakenError extends DomainError {
  readonly code = ErrorCode.IdentityTaken;

  constructor() {
    super('Another member of this tenant signs in with it.');
  }
}

/** Without it the member could not sign in any more. */
export class LastWayInError extends DomainError {
  readonly code = ErrorCode.LastWayIn;

  constructor() {
    super('You have no other way to sign in. Add one first.');
  }
}

export class IdentityProviderMissingError extends DomainError {
  readonly code = ErrorCode.IdentityProviderMissing;

  constructor() {
    super('This tenant has no OpenID provider.');
  }
}

/** The OpenID provider could not be asked, or answered what is not to be believed. */
export class IdentityProviderFailedError extends DomainError {
  readonly code = ErrorCode.IdentityProviderFailed;
  override readonly retryable = true;

  constructor(cause: unknown) {
    super('The OpenID provider could not be asked, or refused.', { cause });
  }
}
