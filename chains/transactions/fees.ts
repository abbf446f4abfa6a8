import type { Fees } from './transaction';

/** What the head of the chain says about the price of gas, in wei per unit. */
export interface FeeMarket {
  readonly baseFeeWei: bigint;
  /** The tip that the network suggests at present. */
  readonly suggestedTipWei: bigint;
}

/**
 * The fees of a first attempt. Twice the base fee outlasts six full blocks in a row, each of which
 * may raise it by 12.5 % (EIP-1559).
 */
export function initialFees({ baseFeeWei, suggestedTipWei }: FeeMarket, capWei: bigint): Fees {
  return capped(
    { maxFeePerGasWei: 2n * baseFeeWei + suggestedTipWei, maxPriorityFeePerGasWei: suggestedTipWei },
    capWei,
  );
}

/**
 * The fees of the next attempt under the same nonce: both at least 12.5 % higher, which every client's
 * replacement rule accepts (go-ethereum asks for 10 %, Nethermind and Reth likewise, Erigon 12.5 %),
 * and at least what a first attempt would pay now.
 *
 * @returns Undefined when the cap leaves no room for a replacement that the network would take.
 */
export function bumpedFees(previous: Fees, market: FeeMarket, capWei: bigint): Fees | undefined {
  const fresh = initialFees(market, capWei);
  const bumped = {
    maxFeePerGasWei: greater(raised(previous.maxFeePerGasWei), fresh.maxFeePerGasWei),
    maxPriorityFeePerGasWei: greater(raised(previous.maxPriorityFeePerGasWei), fresh.maxPriorityFeePerGasWei),
  };
  return bumped.maxFeePerGasWei <= capWei ? bumped : undefined;
}

/** 12.5 % more, rounded up, and at least one wei more. */
function raised(feeWei: bigint): bigint {
  return feeWei + greater((feeWei + 7n) / 8n, 1n);
}

function capped(fees: Fees, capWei: bigint): Fees {
  return {
    maxFeePerGasWei: lesser(fees.maxFeePerGasWei, capWei),
    maxPriorityFeePerGasWei: lesser(fees.maxPriorityFeePerGasWei, capWei),
  };
}

function greater(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}

function lesser(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}
