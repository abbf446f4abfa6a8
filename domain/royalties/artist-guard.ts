import type { AccountId } from '../../schema/caip';
import type { RoyaltyPolicy } from '../../schema/inputs/royalty';
import { PayeeRole } from '../../schema/types/royalty';

/**
 * The artist's payee that a policy takes something from: the royalty or its share falls, or it is an artist's no more. The
 * primary wallet is the artist's whatever its role is called.
 *
 * @returns undefined if nobody loses.
 */
export function findLosingArtist(before: RoyaltyPolicy, after: RoyaltyPolicy): AccountId | undefined {
  const loser = before.splits
    .filter(({ account, role }) => role === PayeeRole.ARTIST || account === before.primaryWallet)
    .find(({ account, role, shareBps }) => {
      const then = after.splits.find((split) => split.account === account);
      return (
        then === undefined ||
        then.shareBps < shareBps ||
        after.royaltyBps < before.royaltyBps ||
        (role === PayeeRole.ARTIST && then.role !== PayeeRole.ARTIST)
      );
    });
  return loser?.account;
}

/** The policy with another wallet in the place of the primary one. Where that is a payee already, their shares are one. */
export function withWallet(policy: RoyaltyPolicy, wallet: AccountId): RoyaltyPolicy {
  const joined = policy.splits.find(({ account }) => account === wallet)?.shareBps ?? 0;
  const splits = policy.splits
    .filter(({ account }) => account !== wallet)
    .map((split) =>
      split.account === policy.primaryWallet
        ? { ...split, account: wallet, shareBps: split.shareBps + joined }
        : split,
    );
  return { ...policy, splits, primaryWallet: wallet };
}
