import { DomainError } from '../../schema/domain-error';
import { ErrorCode } from '../../schema/error-codes';

/** Nobody gives away, or comes by, rights that his own key has not. */
export class ScopeNotHeldError extends DomainError {
  readonly code = ErrorCode.ScopeNotHeld;

  constructor(scopes: readonly string[]) {
    super(`Your own key lacks what the other one may do: ${scopes.join(', ')}.`);
  }
}

/** Without it the tenant could not make keys any more. */
export class LastApiKeyError extends DomainError {
  readonly code = ErrorCode.LastApiKey;

  constructor() {
    super('No other key in force may manage keys (`key:write`). Make one first.');
  }
}

/** The tenant has as many keys in force as it may have. */
export class ApiKeyLimitReachedError extends DomainError {
  readonly code = ErrorCode.ApiKeyLimitReached;

  constructor(limit: number) {
    super(`A tenant has at most ${limit} keys in force. Revoke one first.`);
  }
}

/** A key that is not taken any more has no successor. */
export class ApiKeyOverError extends DomainError {
  readonly code = ErrorCode.ApiKeyOver;

  constructor() {
    super('The key was revoked or has expired. Make a new one.');
  }
}
