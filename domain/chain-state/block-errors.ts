import type { ChainId } from '../../schema/caip';
import { DomainError } from '../../schema/domain-error';
import { ErrorCode } from '../../schema/error-codes';

/** Another process has moved a chain's cursor since it was read; nothing was written. */
export class CursorMovedError extends DomainError {
  readonly code = ErrorCode.Conflict;
  override readonly retryable = true;

  constructor(chainId: ChainId) {
    super(`Another follower has moved the cursor of chain ${chainId}.`);
  }
}
