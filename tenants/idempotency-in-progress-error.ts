import { DomainError, type ErrorDetail } from '../schema/domain-error';
import { ErrorCode } from '../schema/error-codes';

/** The first request with this key has not been answered yet. */
export class IdempotencyInProgressError extends DomainError {
  readonly code = ErrorCode.IdempotencyInProgress;
  override readonly retryable = true;

  /** @param retryAfterSeconds - When to ask again at the latest. */
  constructor(
    readonly retryAfterSeconds = 1,
    detail?: ErrorDetail,
  ) {
    super('A request with this Idempotency-Key is being carried out. Ask again for its answer.', detail);
  }
}
