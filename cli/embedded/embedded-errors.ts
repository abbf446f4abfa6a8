import { DomainError } from '../../schema/domain-error';
import { ErrorCode } from '../../schema/error-codes';

/** A database or queue of the embedded mode could not be brought up or down. The message says what to do. */
export class EmbeddedServiceError extends DomainError {
  readonly code = ErrorCode.EmbeddedServiceFailed;
}
