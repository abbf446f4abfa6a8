/** Money sent along with a quoted statement, in percent of the quote. */
const FEE_MARGIN_PERCENT = 120n;

/** What to send along for a quote in wei: prices move until inclusion, and the contracts return the excess. */
export function withFeeMargin(feeWei: bigint): bigint {
  return (feeWei * FEE_MARGIN_PERCENT) / 100n;
}
