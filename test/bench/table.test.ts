import type { Comparison } from './benchmark';
import { allMet, tableOf } from './table';

const fast: Comparison = { name: 'us vs them', unit: 'events/s', figure: 2_000, peer: 1_000, bar: 2 };
const slow: Comparison = { ...fast, figure: 1_999 };

test('a benchmark that failed counts as a missed bar and is in the table', () => {
  expect(allMet([{ name: 'one', comparisons: [fast] }])).toBe(true);
  expect(allMet([{ name: 'one', comparisons: undefined }])).toBe(false);
  expect(tableOf([{ name: 'one', comparisons: undefined }])).toMatch(/one +\| failed .*\*\*no\*\*/);
});

test('a ratio below its bar is missed, however little; one that is only told never is', () => {
  expect(allMet([{ name: 'one', comparisons: [fast, slow] }])).toBe(false);
  expect(tableOf([{ name: 'one', comparisons: [slow] }])).toMatch(/1,999 events\/s .* ≥ 2 +\| \*\*no\*\*/);
  const { bar: _, ...told } = slow;
  expect(allMet([{ name: 'one', comparisons: [told] }])).toBe(true);
});

test('where less is better a ratio above its bar is missed', () => {
  const cost: Comparison = { ...fast, unit: 'gas', lessIsBetter: true, bar: 1.4 };
  expect(allMet([{ name: 'one', comparisons: [{ ...cost, figure: 1_400 }] }])).toBe(true);
  expect(allMet([{ name: 'one', comparisons: [{ ...cost, figure: 1_401 }] }])).toBe(false);
});
