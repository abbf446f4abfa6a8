import { DomainError, type ErrorDetail } from '../../schema/domain-error';
import { ErrorCode } from '../../schema/error-codes';

/** The key management service does not answer, is too busy, or does not know the platform's own credentials. */
export class KmsUnavailableError extends DomainError {
  readonly code = ErrorCode.KmsUnavailable;
  override readonly retryable = true;

  constructor(detail?: ErrorDetail) {
    super('The key management service cannot be asked at present.', detail);
  }
}

/** The service does not let the platform use the key as asked. Its owner can change that, so it may work later. */
export class KmsKeyRefusedError extends DomainError {
  readonly code = ErrorCode.KmsKeyRefused;
  override readonly retryable = true;

  /** @param reason - For the key's owner: the service's name of the problem. */
  constructor(keyArn: string, reason: string, detail?: ErrorDetail) {
    super(`${keyArn} cannot be used: ${reason}.`, detail);
  }
}

/** The name stands for another key than when the tenant brought it, and so for another account: nothing is signed. */
export class KmsKeyChangedError extends DomainError {
  readonly code = ErrorCode.KmsKeyChanged;
  override readonly retryable = true;

  constructor(keyArn: string, address: string) {
    super(`${keyArn} is not the key of ${address} any more. Let it name that one again.`);
  }
}
