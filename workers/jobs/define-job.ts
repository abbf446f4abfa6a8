import type { JobContract, JobPayload } from '../../schema/jobs';
import { UnparseablePayloadError } from './job-errors';
import type { RetryPolicy } from './retry-policy';

export interface JobContext {
  /** Aborts when the time limit is over, the lease is lost or the worker stops. Hand it to whatever waits. */
  readonly signal: AbortSignal;
  /** The number of this run since the last success, from 1. */
  readonly attempt: number;
}

/**
 * What one job does, with its limits.
 *
 * A job runs at least once: after a crash it runs again, and one that outlives its signal can overlap
 * with its next run. Each effect must be guarded by a unique key or a compare-and-set.
 */
export interface JobDefinition<Contract extends JobContract, Services> {
  readonly contract: Contract;
  /**
   * The most runs at once in one process and pool that the queue hands over. Beside them a process runs one fewer of
   * those that it claims itself, so that 1 means one at a time.
   */
  readonly concurrency: number;
  readonly retry: RetryPolicy;
  /** After this the signal aborts and the run counts as failed. */
  readonly timeoutMs: number;
  /**
   * @throws RunAgainLater to be run again without this run counting as a failure.
   * @throws DomainError that is not retryable, to end the job for good.
   */
  readonly run: (payload: JobPayload<Contract>, services: Services, context: JobContext) => Promise<void>;
}

/** A definition with its services, ready for the runtime. */
export interface Job {
  readonly name: string;
  readonly concurrency: number;
  readonly retry: RetryPolicy;
  readonly timeoutMs: number;
  /** @throws UnparseablePayloadError if `payload` does not fit the contract. */
  readonly run: (payload: unknown, context: JobContext) => Promise<void>;
}

/** Types a definition. */
export function defineJob<Contract extends JobContract, Services>(
  definition: JobDefinition<Contract, Services>,
): JobDefinition<Contract, Services> {
  return definition;
}

/** Gives a definition its services: done once, where the process is composed. */
export function bindJob<Contract extends JobContract, Services>(
  { contract, concurrency, retry, timeoutMs, run }: JobDefinition<Contract, Services>,
  services: Services,
): Job {
  return {
    name: contract.name,
    concurrency,
    retry,
    timeoutMs,
    run: async (payload, context) => {
      const parsed = contract.payload.safeParse(payload);
      if (!parsed.success) throw new UnparseablePayloadError(contract.name, parsed.error);
      // CAST: safeParse of this very contract answers its output; zod's generic result loses that.
      await run(parsed.data as JobPayload<Contract>, services, context);
    },
  };
}
