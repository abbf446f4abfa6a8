import { DomainError, type ErrorDetail } from '../../schema/domain-error';
import { ErrorCode } from '../../schema/error-codes';

/** A file or a value that was given cannot be used. The message says how it should be. */
export class ExitInputError extends DomainError {
  readonly code = ErrorCode.BadUserInput;
}

/** A given endpoint does not say which chain it serves. */
export class ExitEndpointError extends DomainError {
  readonly code = ErrorCode.RpcUnavailable;
  override readonly retryable = true;

  constructor(rpcUrl: string, detail?: ErrorDetail) {
    // The host alone: a path or a query may carry a key.
    super(`The endpoint at ${new URL(rpcUrl).host} does not answer.`, detail);
  }
}

/** A given chain has no Gateway of the registry. */
export class RegistryNotThereError extends DomainError {
  readonly code = ErrorCode.NotFound;

  constructor(chainId: string, gateway: string, detail?: ErrorDetail) {
    super(`There is no Gateway of Colophon at ${gateway} on ${chainId}.`, detail);
  }
}

/** The given chains hold contracts of different registries at one address. */
export class RegistryMismatchError extends DomainError {
  readonly code = ErrorCode.BadUserInput;

  constructor(chainIds: readonly string[]) {
    super(`The contracts on ${chainIds.join(', ')} do not belong to one registry.`);
  }
}

/** The endpoint does not keep the past, so the registry's beginning cannot be found. */
export class HistoryMissingError extends DomainError {
  readonly code = ErrorCode.RpcUnavailable;

  constructor(chainId: string, detail?: ErrorDetail) {
    super(
      `The endpoint of ${chainId} does not tell when the registry was deployed; say --since with a date before it.`,
      detail,
    );
  }
}

/** Nothing in the present list has this number or id. */
export class ActionUnknownError extends DomainError {
  readonly code = ErrorCode.NotFound;

  constructor(which: string, count: number) {
    super(`There is no action ${which} now; exit list shows ${count}.`);
  }
}

/** The contract refuses the action as things stand; nothing was sent. */
export class ActionRefusedError extends DomainError {
  readonly code = ErrorCode.ExecutionReverted;
  override readonly retryable = true;

  constructor(reason: string, detail?: ErrorDetail) {
    super(`The contract refuses this now: ${reason}. Nothing was sent.`, detail);
  }
}

/** The transaction was mined and reverted: something changed after the simulation. */
export class ActionRevertedError extends DomainError {
  readonly code = ErrorCode.ExecutionReverted;
  override readonly retryable = true;

  constructor(transactionHash: string) {
    super(`Transaction ${transactionHash} was mined but reverted; look at exit list again.`);
  }
}

/** The key's account cannot pay for the transaction. */
export class ExitFundsError extends DomainError {
  readonly code = ErrorCode.InsufficientFunds;
  override readonly retryable = true;

  constructor(account: string, chainId: string, detail?: ErrorDetail) {
    super(`Account ${account} has too little money on ${chainId} to pay for this.`, detail);
  }
}
