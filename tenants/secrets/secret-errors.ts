import { DomainError, type ErrorDetail } from '../../schema/domain-error';
import { ErrorCode } from '../../schema/error-codes';

/** A secret was sealed under a master key that this process was not given. The secret is there, and opens once it is. */
export class MasterKeyMissingError extends DomainError {
  readonly code = ErrorCode.MasterKeyMissing;
  override readonly retryable = true;

  /** @param masterKeyId - Names the key and tells nothing about it. */
  constructor(masterKeyId: string, detail?: ErrorDetail) {
    super(
      `The master key ${masterKeyId} is not configured. What it sealed is kept, and opens once the platform has it again.`,
      detail,
    );
  }
}
