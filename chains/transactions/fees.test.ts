import { bumpedFees, initialFees } from './fees';

const CAP = 1_000_000n;

describe('fees', () => {
  test('a first attempt outlasts a doubling of the base fee', () => {
    expect(initialFees({ baseFeeWei: 100n, suggestedTipWei: 7n }, CAP)).toEqual({
      maxFeePerGasWei: 207n,
      maxPriorityFeePerGasWei: 7n,
    });
  });

  test('no first attempt pays more than the cap, tip included', () => {
    expect(initialFees({ baseFeeWei: CAP, suggestedTipWei: 2n * CAP }, CAP)).toEqual({
      maxFeePerGasWei: CAP,
      maxPriorityFeePerGasWei: CAP,
    });
  });

  test.each([0n, 1n, 7n, 8n, 9n, 1_001n])(
    'a replacement of %d wei pays at least 12.5 %% and 1 wei more',
    (fee) => {
      const previous = { maxFeePerGasWei: fee, maxPriorityFeePerGasWei: fee };
      const bumped = bumpedFees(previous, { baseFeeWei: 0n, suggestedTipWei: 0n }, CAP);
      for (const raised of [bumped?.maxFeePerGasWei ?? 0n, bumped?.maxPriorityFeePerGasWei ?? 0n]) {
        expect(raised).toBeGreaterThan(fee);
        expect(raised * 8n).toBeGreaterThanOrEqual(fee * 9n);
      }
    },
  );

  test('a replacement follows the market when that has risen further', () => {
    const previous = { maxFeePerGasWei: 100n, maxPriorityFeePerGasWei: 10n };
    expect(bumpedFees(previous, { baseFeeWei: 500n, suggestedTipWei: 5n }, CAP)).toEqual({
      maxFeePerGasWei: 1_005n,
      maxPriorityFeePerGasWei: 12n,
    });
  });

  test('there is no replacement when the cap leaves no room for 12.5 % more', () => {
    const previous = { maxFeePerGasWei: CAP - 1n, maxPriorityFeePerGasWei: 1n };
    expect(bumpedFees(previous, { baseFeeWei: 1n, suggestedTipWei: 1n }, CAP)).toBeUndefined();
  });
});
