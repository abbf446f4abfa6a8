import { describeStretch, recoveredAfterMs, recoveryAfter, type Seen } from './recovery';

const SECOND = 1_000;
const LOST_AT = 60 * SECOND;
const END = 120 * SECOND;

/** Seconds: from, to. */
type Span = readonly [from: number, to: number];
const NEVER: Span = [0, 0];

/** Ten tries and two looks in each second, with one dispatch a look, but for what is told. */
function seen({ failing = NEVER, behind = NEVER, idle = NEVER }: Readonly<Record<string, Span>>): Seen {
  const isIn = ([from, to]: Span, at: number) => at >= from * SECOND && at < to * SECOND;
  const attempts = Array.from({ length: 1_200 }, (_, nth) => {
    const at = nth * 100;
    return { at, tookMs: nth % 100, answered: !isIn(failing, at) };
  });
  let sent = 0;
  const samples = Array.from({ length: 240 }, (_, nth) => {
    const at = nth * 500;
    if (!isIn(idle, at)) sent += 1;
    return { at, sent, lag: isIn(behind, at) ? undefined : 2 };
  });
  return { attempts, samples };
}

test('nothing that is lost is noticed when all goes on', () => {
  const recovery = recoveryAfter(seen({}), LOST_AT, END, 2);
  expect(recovery).toEqual({ api: 0, follower: 0, dispatches: 0 });
  expect(recoveredAfterMs(recovery)).toBe(0);
});

test('each is back when its whole window is well, and the slowest counts', () => {
  const disturbed = seen({ failing: [60, 64], behind: [61, 70], idle: [60, 80] });
  const recovery = recoveryAfter(disturbed, LOST_AT, END, 2);
  expect(recovery).toEqual({ api: 4_000, follower: 10_000, dispatches: 18_000 });
  expect(recoveredAfterMs(recovery)).toBe(18_000);
});

test('what is not back a window before the end never was', () => {
  const recovery = recoveryAfter(seen({ behind: [60, 116] }), LOST_AT, END, 2);
  expect(recovery).toEqual({ api: 0, follower: undefined, dispatches: 0 });
  expect(recoveredAfterMs(recovery)).toBe(Number.POSITIVE_INFINITY);
});

test('a stretch counts what was answered, and the share that was not', () => {
  expect(describeStretch(seen({ failing: [60, 75] }), LOST_AT, END)).toMatchObject({
    requestsPerSecond: 7.5,
    failedShare: 0.25,
    p50Ms: 54,
    p99Ms: 99,
    lagP50: 2,
  });
});
