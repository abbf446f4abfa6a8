import { hasFailed } from './transaction';

test('a transaction that never ran, or ran and failed, has failed; one that may still succeed has not', () => {
  const failed = { hash: '0xaa', blockNumber: 1n, blockHash: '0xbb', succeeded: false } as const;
  expect(hasFailed({ state: 'dropped' })).toBe(true);
  expect(hasFailed({ state: 'mined', inclusion: failed })).toBe(true);
  expect(hasFailed({ state: 'mined', inclusion: { ...failed, succeeded: true } })).toBe(false);
  expect(hasFailed({ state: 'replaced' })).toBe(false);
});
