import { DomainError } from '../../schema/domain-error';
import { ErrorCode } from '../../schema/error-codes';

/** The row's payload does not fit the job's contract: a producer of another version wrote it. */
export class UnparseablePayloadError extends DomainError {
  readonly code = ErrorCode.Internal;

  constructor(job: string, cause: unknown) {
    super(`The payload of ${job} cannot be read.`, { cause });
  }
}

/** The run took longer than the job's time limit. */
export class JobTimeoutError extends DomainError {
  readonly code = ErrorCode.Internal;
  override readonly retryable = true;

  constructor(timeoutMs: number) {
    super(`The job took longer than ${timeoutMs} ms.`);
  }
}

/** Each run ended with its worker: the job is taken to be what stops them. */
export class WorkerStoppedRepeatedlyError extends DomainError {
  readonly code = ErrorCode.Internal;

  constructor(attempts: number) {
    super(`The worker stopped during each of ${attempts} attempts.`);
  }
}

/** Thrown by a job that did what it could for now. The run counts as a success; the next one starts after `delayMs`. */
export class RunAgainLater extends Error {
  constructor(readonly delayMs: number) {
    super(`run again in ${delayMs} ms`);
    this.name = 'RunAgainLater';
  }

  /** At a time, or at once if that has passed. */
  static at(time: Date): RunAgainLater {
    return new RunAgainLater(Math.max(1, time.getTime() - Date.now()));
  }
}

/** Why a run was cut short, if not by its time limit. */
export class RunAborted extends Error {
  constructor(readonly reason: 'worker-stopping' | 'lease-lost') {
    super(reason);
    this.name = 'RunAborted';
  }
}
