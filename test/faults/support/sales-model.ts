import { type AccountId, type ChainId, evmAccountId, splitAccountId } from '../../../schema/caip';
import { accountAt } from '../../devnet/accounts';
import { BASE, HOME, MOONBEAM } from '../../support/travel-steps';
import type { PlannedSale } from './sales-plan';
import { type Currency, MIRRORS, royaltyOf, WHOLE_BPS } from './sales-terms';

/** Accounts of the devnet's phrase that nobody else uses: what these wallets have is what they were paid. */
const FIRST_PAYEE = 60;

/** Who is paid: wallets of three chains, none of which pays for gas. */
export const PAYEES = [
  { chainId: HOME, role: 'ARTIST', bps: 4_501 },
  { chainId: HOME, role: 'OTHER', bps: 1_249 },
  { chainId: BASE, role: 'GALLERY', bps: 2_717 },
  { chainId: MOONBEAM, role: 'PLATFORM', bps: 1_533 },
].map(({ chainId, role, bps }, place) => ({
  index: FIRST_PAYEE + place,
  account: evmAccountId(chainId, accountAt(FIRST_PAYEE + place).address),
  // CAST: a role of the policy.
  role: role as 'ARTIST' | 'OTHER' | 'GALLERY' | 'PLATFORM',
  bps,
}));

/** What one wallet is to have in the end. */
export interface Holding {
  readonly chainId: ChainId;
  readonly currency: Currency;
  readonly payee: AccountId;
  readonly amount: bigint;
}

/**
 * What the policy says that wallets have in the end, computed from the plan alone: each payee has its share of every
 * royalty that was paid for a sale that stands. Dollars come to the payee's own chain, from all others; native money has
 * no route, and is had where it was paid.
 */
export function holdingsOf(sales: readonly PlannedSale[]): Holding[] {
  return PAYEES.flatMap(({ account: payee, bps }) => {
    const share = (of: Currency, on: readonly ChainId[]) =>
      sales
        .filter(({ chainId, currency }) => currency === of && on.includes(chainId))
        .reduce((sum, { fate, paid }) => sum + (fate === 'NEVER' ? 0n : shareOf(paid, bps)), 0n);
    return [HOME, ...MIRRORS].flatMap((chainId): Holding[] => [
      { chainId, payee, currency: 'native', amount: share('native', [chainId]) },
      {
        chainId,
        payee,
        currency: 'dollar',
        amount: splitAccountId(payee).chainId === chainId ? share('dollar', MIRRORS) : 0n,
      },
    ]);
  });
}

/** What sales that stand owe and was never paid, on a mirror. */
export function missingOf(sales: readonly PlannedSale[], on: ChainId, of: Currency): bigint {
  return sales
    .filter(({ chainId, currency, fate }) => chainId === on && currency === of && fate !== 'NEVER')
    .reduce((sum, { price, paid }) => sum + royaltyOf(price) - paid, 0n);
}

function shareOf(amount: bigint, bps: number): bigint {
  const weighted = amount * BigInt(bps);
  if (weighted % WHOLE_BPS !== 0n) throw new Error(`${amount} cannot be divided without rounding`);
  return weighted / WHOLE_BPS;
}
