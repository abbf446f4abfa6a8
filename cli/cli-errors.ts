import { DomainError } from '../schema/domain-error';
import { ErrorCode } from '../schema/error-codes';

/** The command line is wrong. The message says how it should be. */
export class UsageError extends DomainError {
  readonly code = ErrorCode.BadUserInput;
}

/** A command could not be carried out. The message says what to do. */
export class CommandError extends DomainError {
  readonly code = ErrorCode.EmbeddedServiceFailed;
}
