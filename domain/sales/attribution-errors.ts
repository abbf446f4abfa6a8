import { DomainError } from '../../schema/domain-error';
import { ErrorCode } from '../../schema/error-codes';

/** So much of the payment is not in suspense, or its block is not final. */
export class PaymentNotSuspendedError extends DomainError {
  readonly code = ErrorCode.PaymentNotSuspended;

  constructor(reason: string) {
    super(`The payment cannot be attributed: ${reason}.`);
  }
}

/** The payment cannot have been for the sale, or what the sale owes can still come by itself. */
export class SaleNotAttributableError extends DomainError {
  readonly code = ErrorCode.SaleNotAttributable;

  constructor(reason: string) {
    super(`Nothing can be attributed to the sale: ${reason}.`);
  }
}
