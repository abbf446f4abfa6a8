import type { Attempt } from '../../support/patient-client';
import { percentile } from '../benchmark';
import type { Sample } from './gauges';

/** How long all has to be well for it to count. */
const WINDOW_MS = 5_000;
/** Dispatches come in bursts: their rate is taken over longer. */
const RATE_WINDOW_MS = 10_000;
/** Of the rate before. */
const RATE_SHARE = 0.8;
const SUCCESS_SHARE = 0.99;
/** Blocks; two to three come in the time of one look at a chain. */
const LAG_BLOCKS = 5;

/** What a run looked like over a stretch of time. */
export interface Stretch {
  readonly dispatchesPerSecond: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly failedShare: number;
  readonly lagP50: number;
  readonly lagP99: number;
}

/** All that was seen, in order of time. */
export interface Seen {
  readonly attempts: readonly Attempt[];
  readonly samples: readonly Sample[];
}

/** @param from - In milliseconds since the run began, as `to`. */
export function describeStretch(seen: Seen, from: number, to: number): Stretch {
  const attempts = within(seen.attempts, from, to);
  const answered = attempts.filter((attempt) => attempt.answered);
  const took = answered.map(({ tookMs }) => tookMs);
  const lags = within(seen.samples, from, to).flatMap(({ lag }) => lag ?? []);
  return {
    dispatchesPerSecond: sendRate(seen.samples, from, to),
    requestsPerSecond: (answered.length / (to - from)) * 1_000,
    p50Ms: percentile(took, 0.5),
    p99Ms: percentile(took, 0.99),
    failedShare: 1 - answered.length / attempts.length,
    lagP50: percentile(lags, 0.5),
    lagP99: percentile(lags, 0.99),
  };
}

/** Milliseconds after a loss until each was back for good, as far as its window shows; undefined if it never was. */
export interface Recovery {
  readonly api: number | undefined;
  readonly follower: number | undefined;
  readonly dispatches: number | undefined;
}

/**
 * @param lostAt - When the loss happened, in milliseconds since the run began.
 * @param until - End of what is looked at: it has to be back a window before.
 * @param ratePerSecond - Dispatches before the loss.
 */
export function recoveryAfter(seen: Seen, lostAt: number, until: number, ratePerSecond: number): Recovery {
  const firstAt = (moments: readonly number[], windowMs: number, holds: (at: number) => boolean) => {
    const at = moments.find((moment) => moment + windowMs <= until && holds(moment));
    return at === undefined ? undefined : at - lostAt;
  };
  const moments = [lostAt, ...within(seen.samples, lostAt, until).map(({ at }) => at)];
  return {
    api: firstAt(moments, WINDOW_MS, (at) => {
      const attempts = within(seen.attempts, at, at + WINDOW_MS);
      const answered = attempts.filter((attempt) => attempt.answered).length;
      return answered > 0 && answered / attempts.length >= SUCCESS_SHARE;
    }),
    follower: firstAt(moments, WINDOW_MS, (at) => {
      const samples = within(seen.samples, at, at + WINDOW_MS);
      return samples.length > 0 && samples.every(({ lag }) => lag !== undefined && lag <= LAG_BLOCKS);
    }),
    dispatches: firstAt(
      moments,
      RATE_WINDOW_MS,
      (at) => sendRate(seen.samples, at, at + RATE_WINDOW_MS) >= RATE_SHARE * ratePerSecond,
    ),
  };
}

/** The slowest of all; infinite if one never was back. */
export function recoveredAfterMs({ api, follower, dispatches }: Recovery): number {
  return Math.max(...[api, follower, dispatches].map((ms) => ms ?? Number.POSITIVE_INFINITY));
}

function sendRate(samples: readonly Sample[], from: number, to: number): number {
  const inside = within(samples, from, to);
  const [first, last] = [inside[0], inside.at(-1)];
  if (first === undefined || last === undefined) return 0;
  return ((last.sent - first.sent) / (to - from)) * 1_000;
}

function within<T extends { readonly at: number }>(all: readonly T[], from: number, to: number): T[] {
  return all.filter(({ at }) => at >= from && at < to);
}
