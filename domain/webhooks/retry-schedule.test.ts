import { endpointPauseMs, MAX_ATTEMPTS, MAX_DELAY_MS, nextDelayMs, parseRetryAfter } from './retry-schedule';

const HOUR_MS = 3_600_000;
const total = (random: number) =>
  Array.from({ length: MAX_ATTEMPTS - 1 }, (_, index) => nextDelayMs(index + 1, random) ?? Number.NaN).reduce(
    (sum, delay) => sum + delay,
  );

test('tries go on for more than 24 hours, whatever the jitter, and end within 2 days', () => {
  expect(total(0)).toBeGreaterThan(24 * HOUR_MS);
  expect(total(0.999)).toBeLessThan(48 * HOUR_MS);
  expect(nextDelayMs(MAX_ATTEMPTS, 0)).toBeUndefined();
  expect(nextDelayMs(MAX_ATTEMPTS + 1, 0, 1_000)).toBeUndefined();
});

test('each pause is longer than the one before until the longest, and no two need be equal', () => {
  expect([1, 2, 3].map((attempt) => nextDelayMs(attempt, 0.5))).toEqual([5_000, 20_000, 80_000]);
  expect(nextDelayMs(11, 0.5)).toBe(MAX_DELAY_MS);
  expect(nextDelayMs(1, 0)).toBe(4_000);
  expect(nextDelayMs(1, 0.999)).toBe(5_998);
});

test('Retry-After lengthens a pause, up to the longest, and never shortens it', () => {
  expect(nextDelayMs(1, 0.5, 60_000)).toBe(60_000);
  expect(nextDelayMs(1, 0.5, 1)).toBe(5_000);
  expect(nextDelayMs(1, 0.5, 365 * 24 * HOUR_MS)).toBe(MAX_DELAY_MS);
});

test.each([
  ['120', 120_000],
  ['0', 0],
  ['Sun, 22 Nov 2026 10:01:00 GMT', 60_000],
  ['Sun, 22 Nov 2026 09:00:00 GMT', 0],
  ['soon', 0],
  ['-5', 0],
  ['99999999999999999999', 0],
  [undefined, 0],
])('reads Retry-After %s as %i ms', (value, ms) => {
  expect(parseRetryAfter(value, new Date('2026-11-22T10:00:00Z'))).toBe(ms);
});

test('an endpoint that is down is asked ever more seldom, at least every 18 minutes', () => {
  expect([0, 1, 2].map((pauses) => endpointPauseMs(pauses, 0.5))).toEqual([10_000, 20_000, 40_000]);
  expect(endpointPauseMs(1_000, 0.999)).toBeLessThan(18 * 60_000);
});
