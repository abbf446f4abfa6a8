import { RetrySchedule } from './retry-schedule';

const options = { attempts: 4, firstDelayMs: 100, maxDelayMs: 1_000 };

test('waits grow from try to try, by chance between half and the whole, up to the longest', () => {
  const waits = (random: number) =>
    [1, 2, 3].map((attempt) => new RetrySchedule(options, () => random).wait(attempt, undefined));
  expect(waits(0)).toEqual([50, 100, 200]);
  expect(waits(1)).toEqual([100, 200, 400]);
  expect(new RetrySchedule({ ...options, attempts: 9 }, () => 1).wait(8, undefined)).toBe(1_000);
});

test('nothing is tried again after the last try, or sooner than the API asks, or if that is too long', () => {
  const schedule = new RetrySchedule(options, () => 1);
  expect(schedule.wait(4, undefined)).toBeUndefined();
  expect(schedule.wait(1, 900)).toBe(900);
  expect(schedule.wait(1, 1_001)).toBeUndefined();
});
