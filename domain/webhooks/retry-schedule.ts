/** Tries of one delivery before it is a dead letter. */
export const MAX_ATTEMPTS = 12;
const FIRST_DELAY_MS = 5_000;
const FACTOR = 4;
/** The longest pause; also the most that a receiver's `Retry-After` is heeded. */
export const MAX_DELAY_MS = 8 * 3_600_000;
/** Each pause is longer or shorter by up to this share, so that what failed together does not come back together. */
const JITTER = 0.2;

const FIRST_PAUSE_MS = 10_000;
const MAX_PAUSE_MS = 15 * 60_000;

/**
 * The pause after a failed try: 5 s, four times as long after each further one, at most 8 h; at least what
 * the receiver asked for. All tries together take between 31 and 48 hours.
 *
 * @param attempt - The try that failed, from 1.
 * @param random - In [0, 1).
 * @returns Milliseconds, or undefined after the last try.
 */
export function nextDelayMs(attempt: number, random: number, retryAfterMs = 0): number | undefined {
  if (attempt >= MAX_ATTEMPTS) return undefined;
  const full = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * FACTOR ** (attempt - 1));
  const spread = full * (1 + JITTER * (2 * random - 1));
  return Math.round(Math.max(spread, Math.min(retryAfterMs, MAX_DELAY_MS)));
}

/**
 * How long an endpoint that fails at everything is left alone before one delivery is tried again: 10 s,
 * twice as long after each further failure, at most 15 min.
 *
 * @param pauses - Pauses before this one since the last success.
 */
export function endpointPauseMs(pauses: number, random: number): number {
  const full = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(pauses, 20));
  return Math.round(full * (1 + JITTER * (2 * random - 1)));
}

/**
 * `Retry-After` in milliseconds (RFC 9110 §10.2.3: seconds or an HTTP date), or 0 when it is absent, past or
 * unreadable.
 */
export function parseRetryAfter(value: string | undefined, now: Date): number {
  if (value === undefined) return 0;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? 0 : Math.max(0, at - now.getTime());
}
