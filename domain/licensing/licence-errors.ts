import { DomainError } from '../../schema/domain-error';
import { ErrorCode } from '../../schema/error-codes';

/** The terms of a licence do not let it be taken back. */
export class LicenceNotRevocableError extends DomainError {
  readonly code = ErrorCode.LicenceNotRevocable;

  constructor() {
    super('grantId: the terms of this licence do not let it be revoked.');
  }
}

/** The licence has expired or was revoked: there is nothing left to change. */
export class LicenceOverError extends DomainError {
  readonly code = ErrorCode.LicenceOver;

  constructor() {
    super('grantId: this licence is over.');
  }
}

/** The offer was withdrawn, or its time is over. */
export class LicenceOfferClosedError extends DomainError {
  readonly code = ErrorCode.LicenceOfferClosed;

  constructor() {
    super('offerId: this offer cannot be taken any more.');
  }
}
