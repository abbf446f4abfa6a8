import { DomainError } from '../../schema/domain-error';
import { ErrorCode } from '../../schema/error-codes';
import { RunAborted, RunAgainLater } from './job-errors';
import { outcomeOf } from './job-outcome';
import { retryDelayMs } from './retry-policy';

class Passing extends DomainError {
  readonly code = ErrorCode.RpcUnavailable;
  override readonly retryable = true;
}

const retry = { limit: 3, firstDelayMs: 1_000, maxDelayMs: 6_000 };

test('the pause doubles up to its maximum, and never leaves half to all of it', () => {
  const pauses = (random: number) => [1, 2, 3, 4, 50].map((attempt) => retryDelayMs(retry, attempt, random));
  expect(pauses(0)).toEqual([500, 1_000, 2_000, 3_000, 3_000]);
  expect(pauses(1)).toEqual([1_000, 2_000, 4_000, 6_000, 6_000]);
});

test('the attempt before the last is followed by another, the last is not', () => {
  const error = new Passing('Down.');
  expect(outcomeOf(error, 2, retry, 0)).toEqual({
    kind: 'retry',
    delayMs: 1_000,
    lastError: 'RPC_UNAVAILABLE: Down.',
  });
  expect(outcomeOf(error, 3, retry, 0)).toEqual({ kind: 'dead', lastError: 'RPC_UNAVAILABLE: Down.' });
});

test('asking to run again is no failure, however often', () => {
  expect(outcomeOf(new RunAgainLater(5), 99, retry, 0)).toEqual({ kind: 'again', delayMs: 5 });
});

test('a run cut short by its worker goes back, one that lost its lease is left alone', () => {
  expect(outcomeOf(new RunAborted('worker-stopping'), 3, retry, 0)).toEqual({ kind: 'released' });
  expect(outcomeOf(new RunAborted('lease-lost'), 3, retry, 0)).toEqual({ kind: 'lost' });
});
