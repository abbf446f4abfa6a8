import type { ChainId } from '../../schema/caip';
import { DomainError, type ErrorDetail } from '../../schema/domain-error';
import { ErrorCode } from '../../schema/error-codes';

/** The logs of a chain do not show what its state says has happened: the endpoints lack old logs, or omit some. */
export class CcipLogsMissingError extends DomainError {
  readonly code = ErrorCode.RpcUnavailable;
  override readonly retryable = true;

  constructor(chainId: ChainId, detail?: ErrorDetail) {
    super(`The RPC endpoints of chain ${chainId} do not have all CCIP logs that are needed.`, detail);
  }
}
