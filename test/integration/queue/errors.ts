import { DomainError } from '../../../schema/domain-error';
import { ErrorCode } from '../../../schema/error-codes';

/** Passes by itself. */
export class RpcDownError extends DomainError {
  readonly code = ErrorCode.RpcUnavailable;
  override readonly retryable = true;
}

/** Never passes. */
export class WorkFrozenError extends DomainError {
  readonly code = ErrorCode.WorkFrozen;
}
