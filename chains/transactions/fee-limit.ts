import type { Quote } from './chain-desk';
import { type Fees, worstCostWei } from './transaction';

/** The most that a tenant lets its transactions cost on one chain; what is absent has no bound. */
export interface FeeLimit {
  /** Per unit of gas, in wei. */
  readonly maxFeePerGasWei?: bigint;
  /** Of one transaction, gas at its worst and the bridge's fee together, in wei. */
  readonly maxTotalFeeWei?: bigint;
}

/** Why a transaction waits for a higher limit. */
export interface OverLimit {
  readonly kind: 'FEE_PER_GAS' | 'TOTAL_FEE';
  readonly limitWei: bigint;
  /** What it would have needed when it was found to be over the limit, in wei. */
  readonly neededWei: bigint;
}

/** The lower of the deployment's cap and the tenant's limit, in wei per unit of gas. */
export function feeCapWei(capWei: bigint, { maxFeePerGasWei = capWei }: FeeLimit): bigint {
  return maxFeePerGasWei < capWei ? maxFeePerGasWei : capWei;
}

/**
 * The fees that a limit leaves of a quote's, and what they come to; or by how much even that is over it.
 * A fee below the base fee is over the limit as well: no block would take it.
 */
export function withinLimit(
  { gas, fees, valueWei, baseFeeWei }: Quote,
  limit: FeeLimit,
): { readonly fees: Fees; readonly costWei: bigint } | OverLimit {
  const maxFeePerGasWei = feeCapWei(fees.maxFeePerGasWei, limit);
  // Only the tenant's own limit is looked at here: under the deployment's cap a transaction is sent and waits.
  if (limit.maxFeePerGasWei !== undefined && limit.maxFeePerGasWei < baseFeeWei) {
    return { kind: 'FEE_PER_GAS', limitWei: limit.maxFeePerGasWei, neededWei: baseFeeWei };
  }
  const maxPriorityFeePerGasWei = feeCapWei(maxFeePerGasWei, {
    maxFeePerGasWei: fees.maxPriorityFeePerGasWei,
  });
  const left = { maxFeePerGasWei, maxPriorityFeePerGasWei };
  const costWei = worstCostWei(gas, left, valueWei);
  const over = overTotal(costWei, limit);
  return over ?? { fees: left, costWei };
}

/** By how much a transaction at its worst is over the limit of its whole cost; undefined if it is not. */
export function overTotal(costWei: bigint, { maxTotalFeeWei }: FeeLimit): OverLimit | undefined {
  if (maxTotalFeeWei === undefined || costWei <= maxTotalFeeWei) return undefined;
  return { kind: 'TOTAL_FEE', limitWei: maxTotalFeeWei, neededWei: costWei };
}
