import { RunLimits } from './run-limits';

const [first, second] = [new Error('first'), new Error('second')];

test('a run that is cut short ends with the first reason, and so does its signal', async () => {
  const limits = new RunLimits();
  const { signal } = limits;
  const cut = expect(limits.cut).rejects.toBe(first);
  limits.abort(first);
  limits.abort(second);
  await cut;
  expect({ aborted: signal.aborted, reason: signal.reason }).toEqual({ aborted: true, reason: first });
});

test('a signal that is asked for late has aborted with the reason', async () => {
  const limits = new RunLimits();
  const cut = expect(limits.cut).rejects.toBe(first);
  limits.abort(first);
  await cut;
  expect({ aborted: limits.signal.aborted, reason: limits.signal.reason }).toEqual({
    aborted: true,
    reason: first,
  });
  expect(limits.signal).toBe(limits.signal);
});
