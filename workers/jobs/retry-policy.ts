export interface RetryPolicy {
  /** The most attempts before the job is DEAD, the first included. */
  readonly limit: number;
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
}

/**
 * The pause after a failed attempt: doubles from `firstDelayMs` up to `maxDelayMs`, and half of it is
 * random, so that jobs which failed together do not come back together.
 *
 * @param random - In [0, 1).
 */
export function retryDelayMs(
  { firstDelayMs, maxDelayMs }: RetryPolicy,
  attempt: number,
  random: number,
): number {
  const full = Math.min(maxDelayMs, firstDelayMs * 2 ** (attempt - 1));
  return Math.round((full / 2) * (1 + random));
}
