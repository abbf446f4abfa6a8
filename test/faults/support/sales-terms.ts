import { BASE, MOONBEAM } from '../../support/travel-steps';

/** Where the sales are made. */
export const MIRRORS = [BASE, MOONBEAM] as const;

export type Currency = 'native' | 'dollar';

export const WHOLE_BPS = 10_000n;
/** Of each price. */
export const ROYALTY_BPS = 750n;
/**
 * What every royalty that is paid is a multiple of, in base units: then each payee's share of it is whole, and it is one
 * and the same whether it is divided payment by payment, as the books do, or as it comes to the vault.
 */
export const GRAIN = 10_000n;

/** What a sale owes: its share of the price, rounded down as ERC-2981 does. */
export function royaltyOf(price: bigint): bigint {
  return (price * ROYALTY_BPS) / WHOLE_BPS;
}
