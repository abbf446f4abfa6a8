import { DomainError } from '../../schema/domain-error';
import { ErrorCode } from '../../schema/error-codes';

/** The key stands for another request already. */
export class IdempotencyKeyReusedError extends DomainError {
  readonly code = ErrorCode.IdempotencyKeyReused;

  constructor() {
    super('This Idempotency-Key was used for another request, or by another caller. Use a new one.');
  }
}
