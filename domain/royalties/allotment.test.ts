import fc from 'fast-check';
import { propertyRuns } from '../../test/support/property-runs';
import { amounts } from '../../test/support/royalty-arbitraries';
import { allot } from './allotment';

const weights = fc.array(fc.bigInt({ min: 0n, max: 10n ** 30n }), { minLength: 1, maxLength: 20 });
const sumOf = (values: readonly bigint[]) => values.reduce((sum, value) => sum + value, 0n);

test('parts sum to the whole, and none is a unit away from its quota', () => {
  fc.assert(
    fc.property(amounts, weights, (total, given) => {
      const parts = allot(total, given);
      expect(parts).toHaveLength(given.length);
      expect(sumOf(parts)).toBe(total);
      const sum = sumOf(given);
      if (sum === 0n) return;
      const off = parts.map((part, place) => part * sum - total * (given[place] ?? 0n));
      expect(off.filter((by) => by >= sum || by <= -sum)).toEqual([]);
    }),
    propertyRuns(300),
  );
});

test.each([
  { total: 10n, weights: [1n, 1n, 1n], parts: [4n, 3n, 3n] },
  { total: 11n, weights: [1n, 1n, 1n], parts: [4n, 4n, 3n] },
  { total: 10n, weights: [1n, 5n, 3n], parts: [1n, 6n, 3n] },
  { total: 1n, weights: [3_333n, 3_333n, 3_334n], parts: [0n, 0n, 1n] },
  { total: 2n, weights: [0n, 0n, 0n], parts: [1n, 1n, 0n] },
  { total: 7n, weights: [0n, 1n], parts: [0n, 7n] },
])('$total by $weights is $parts, as the contracts divide it', ({ total, weights, parts }) => {
  expect(allot(total, weights)).toEqual(parts);
});

test('a whole below zero, a weight below zero and no weight at all are refused', () => {
  for (const [total, given] of [
    [-1n, [1n]],
    [1n, [1n, -1n]],
    [1n, []],
  ] as const)
    expect(() => allot(total, given)).toThrow('must not be below zero');
});
