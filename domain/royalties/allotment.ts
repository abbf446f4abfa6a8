/**
 * Divides a whole in proportion to weights, to the last unit, as the contracts do (largest remainder): every part is
 * its exact quota rounded down; the units left go one each to the parts that lost most by rounding, of equals to the
 * one that stands first. The parts always sum to `total`. Weights that are all zero count as equal ones.
 *
 * @param total - Base units, not below zero.
 * @param weights - At least one; none below zero.
 */
export function allot(total: bigint, weights: readonly bigint[]): bigint[] {
  if (total < 0n || weights.length === 0 || weights.some((weight) => weight < 0n))
    throw new Error('a whole and its weights must not be below zero, and there must be some');
  const sum = weights.reduce((one, other) => one + other, 0n);
  if (sum === 0n) {
    return allot(
      total,
      weights.map(() => 1n),
    );
  }
  const parts = weights.map((weight) => (total * weight) / sum);
  const left = Number(total - parts.reduce((one, other) => one + other, 0n));
  const lost = weights.map((weight, place) => ({ place, remainder: (total * weight) % sum }));
  lost.sort((one, other) => compare(other.remainder, one.remainder) || one.place - other.place);
  for (const { place } of lost.slice(0, left)) parts[place] = (parts[place] ?? 0n) + 1n;
  return parts;
}

function compare(one: bigint, other: bigint): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
