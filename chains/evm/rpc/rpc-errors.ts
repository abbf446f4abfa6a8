import type { ChainId } from '../../../schema/caip';
import { DomainError, type ErrorDetail } from '../../../schema/domain-error';
import { ErrorCode } from '../../../schema/error-codes';

/** No endpoint of a chain answered in time. */
export class RpcUnavailableError extends DomainError {
  readonly code = ErrorCode.RpcUnavailable;
  override readonly retryable = true;

  constructor(chainId: ChainId, detail?: ErrorDetail) {
    super(`No RPC endpoint of chain ${chainId} answers.`, detail);
  }
}

/** The endpoints of a chain contradict each other; nothing was concluded. */
export class RpcDisagreementError extends DomainError {
  readonly code = ErrorCode.RpcDisagreement;
  override readonly retryable = true;

  constructor(chainId: ChainId, detail?: ErrorDetail) {
    super(`The RPC endpoints of chain ${chainId} disagree.`, detail);
  }
}

/** An endpoint serves another chain than the one it is configured for, and is refused. */
export class RpcWrongChainError extends DomainError {
  readonly code = ErrorCode.RpcWrongChain;
  override readonly retryable = true;

  constructor(chainId: ChainId, detail?: ErrorDetail) {
    super(`An RPC endpoint of chain ${chainId} serves another chain.`, detail);
  }
}

/** The tenant has more calls on their way to an endpoint than it may make in the next seconds; nothing was asked. */
export class RpcRateLimitedError extends DomainError {
  readonly code = ErrorCode.RateLimited;
  override readonly retryable = true;

  constructor(waitMs: number) {
    super(`Too many calls to a chain at once. Try again in ${Math.ceil(waitMs / 1_000)} seconds.`);
  }
}

/**
 * The node answered, and its answer is an error object: a revert, a nonce too low, a range too wide.
 * A value of the wire, with the node's own number and data; whoever made the call knows what it means.
 */
export class JsonRpcError extends Error {
  constructor(
    method: string,
    /** The node's number, e.g. 3 for a revert (EIP-1474 and geth). */
    readonly code: number,
    message: string,
    /** Revert data, where the node gives it. */
    readonly data: unknown,
  ) {
    super(`${method}: ${message}`);
    this.name = 'JsonRpcError';
  }
}

/** One endpoint did not answer a request: refused, reset, timed out, HTTP error, no JSON. Another one may. */
export class EndpointFailure extends Error {
  constructor(
    /** Which endpoint and what happened. Holds no URL: a path or a query may carry a key. */
    message: string,
    /** How long the endpoint asked to be left alone (`Retry-After`), in milliseconds. */
    readonly retryAfterMs?: number,
  ) {
    super(message);
    this.name = 'EndpointFailure';
  }
}
