import { DomainError } from '../../schema/domain-error';
import { ErrorCode } from '../../schema/error-codes';
import { RunAborted, RunAgainLater } from './job-errors';
import { type RetryPolicy, retryDelayMs } from './retry-policy';

/** How a run ended. `lastError` is text that the tenant may read. */
export type JobOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'again'; readonly delayMs: number }
  | { readonly kind: 'retry'; readonly delayMs: number; readonly lastError: string }
  | { readonly kind: 'dead'; readonly lastError: string }
  | { readonly kind: 'released' }
  | { readonly kind: 'lost' };

/**
 * What follows from what a run threw. Errors that are no {@link DomainError} are bugs: they are tried
 * again too, since many pass (a connection reset), but their text stays private.
 *
 * @param random - In [0, 1), for the jitter.
 */
export function outcomeOf(error: unknown, attempt: number, retry: RetryPolicy, random: number): JobOutcome {
  if (error instanceof RunAgainLater) return { kind: 'again', delayMs: error.delayMs };
  if (error instanceof RunAborted) return { kind: error.reason === 'lease-lost' ? 'lost' : 'released' };
  const expected = error instanceof DomainError;
  const lastError = expected
    ? `${error.code}: ${error.message}`
    : `${ErrorCode.Internal}: An unexpected error occurred.`;
  if ((expected && !error.retryable) || attempt >= retry.limit) return { kind: 'dead', lastError };
  return { kind: 'retry', delayMs: retryDelayMs(retry, attempt, random), lastError };
}
