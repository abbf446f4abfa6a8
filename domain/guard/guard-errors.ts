import { DomainError } from '../../schema/domain-error';
import { ErrorCode } from '../../schema/error-codes';

/** The statement has not left its source, so there is nothing to hold, release or void. */
export class StatementNotSentError extends DomainError {
  readonly code = ErrorCode.StatementNotSent;
  override readonly retryable = true;

  constructor() {
    super('The dispatch has no statement on its source chain yet.');
  }
}

/** The statement has had its effect; nothing can hold or void it any more. */
export class StatementAppliedError extends DomainError {
  readonly code = ErrorCode.StatementApplied;

  constructor() {
    super('The statement has been applied on its destination.');
  }
}

/** The statement will never be applied; nothing can hold or release it any more. */
export class StatementVoidedError extends DomainError {
  readonly code = ErrorCode.StatementVoided;

  constructor() {
    super('The statement has been voided on its destination.');
  }
}

/** The guardian holds a statement once, whatever became of the hold. */
export class StatementHeldBeforeError extends DomainError {
  readonly code = ErrorCode.StatementHeldBefore;

  constructor() {
    super('The statement was held before; a hold is placed once.');
  }
}
