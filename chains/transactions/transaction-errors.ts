import type { Hex } from 'viem';
import { DomainError, type ErrorDetail } from '../../schema/domain-error';
import { ErrorCode } from '../../schema/error-codes';

/** The contract refuses the call as things stand: nothing was signed and no nonce was taken. */
export class ExecutionRevertedError extends DomainError {
  readonly code = ErrorCode.ExecutionReverted;

  /** @param revertData - What the contract reverted with; `0x` if it gave no reason. */
  constructor(
    readonly revertData: Hex,
    detail?: ErrorDetail,
  ) {
    super('The contract refuses this call.', { ...detail, context: { revertData, ...detail?.context } });
  }
}
