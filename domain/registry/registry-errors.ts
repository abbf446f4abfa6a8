import type { ChainId } from '../../schema/caip';
import { DomainError, type ErrorDetail } from '../../schema/domain-error';
import { ErrorCode } from '../../schema/error-codes';

/** The deployment knows no such chain. */
export class ChainNotSupportedError extends DomainError {
  readonly code = ErrorCode.ChainNotSupported;

  constructor(chainId: string) {
    super(`Chain ${chainId} is not supported here; the query "chains" lists those that are.`);
  }
}

/** The project has a registry already, and its contracts are for ever. */
export class RegistryExistsError extends DomainError {
  readonly code = ErrorCode.Conflict;

  constructor(detail?: ErrorDetail) {
    super('The project has a registry already.', detail);
  }
}

/** The registry's contracts or lanes are not all there yet. */
export class RegistryNotReadyError extends DomainError {
  readonly code = ErrorCode.RegistryNotReady;
  override readonly retryable = true;

  constructor(progress: string) {
    super(`The registry is still being deployed (${progress} steps done).`);
  }
}

/** The project's edition cap leaves no room. */
export class EditionCapExceededError extends DomainError {
  readonly code = ErrorCode.EditionCapExceeded;

  constructor(editionCap: number, accepted: number, asked: number) {
    super(
      `The edition is capped at ${editionCap}; ${accepted} works exist or are being minted, ${asked} more do not fit.`,
    );
  }
}

/** An account was named on another chain than the call is about. */
export class WrongAccountChainError extends DomainError {
  readonly code = ErrorCode.BadUserInput;

  constructor(field: string, expected: ChainId) {
    super(`${field}: must be an account on ${expected}, with a valid address.`);
  }
}

/** The contracts pay royalties to an EVM address, and the project's artist has none. */
export class RoyaltyReceiverError extends DomainError {
  readonly code = ErrorCode.BadUserInput;

  constructor(artistAccount: string) {
    super(
      `The project’s artist ${artistAccount} cannot be paid royalties by contracts on EVM chains: ` +
        'create the project with an eip155 account other than the zero address.',
    );
  }
}

/** The work has no token yet. */
export class WorkNotMintedError extends DomainError {
  readonly code = ErrorCode.WorkNotMinted;
  override readonly retryable = true;

  constructor() {
    super('The work is not minted yet.');
  }
}
