export interface RetryOptions {
  /** How often a request is sent at most, the first time included. */
  readonly attempts: number;
  /** Before the second try, in milliseconds; it doubles from try to try. */
  readonly firstDelayMs: number;
  /** The longest wait, also if the API asks for more. */
  readonly maxDelayMs: number;
}

const DEFAULTS: RetryOptions = { attempts: 5, firstDelayMs: 250, maxDelayMs: 30_000 };

/** When to try again: later each time, at a random moment, so that clients which failed together do not come together. */
export class RetrySchedule {
  private readonly options: RetryOptions;

  constructor(
    options: Partial<RetryOptions>,
    private readonly random: () => number = Math.random,
  ) {
    this.options = { ...DEFAULTS, ...options };
  }

  /**
   * @param attempt - The one that failed, from 1.
   * @param retryAfterMs - What the API asks for, if it does: never come sooner.
   * @returns How long to wait, in milliseconds; undefined if it is not to be tried again.
   */
  wait(attempt: number, retryAfterMs: number | undefined): number | undefined {
    const { attempts, firstDelayMs, maxDelayMs } = this.options;
    if (attempt >= attempts || (retryAfterMs ?? 0) > maxDelayMs) return undefined;
    const ceiling = Math.min(maxDelayMs, firstDelayMs * 2 ** (attempt - 1));
    return Math.max(retryAfterMs ?? 0, ceiling / 2 + (this.random() * ceiling) / 2);
  }
}
