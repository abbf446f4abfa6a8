import { getAddress, type Hex, slice, zeroAddress } from 'viem';
import { z } from 'zod';
import { chainHashOf } from '../../chains/evm/registry/manifest';
import { payeeIdOf, type VaultPayee } from '../../chains/evm/registry/payees';
import { type AccountId, type ChainId, type EvmAddress, evmAccountId } from '../../schema/caip';
import { type RegistryEvent, textArg } from '../provenance/registry-event';

/** A payee that a split named: the account, and who may withdraw for it on other chains. */
export interface KnownPayee {
  readonly account: AccountId;
  readonly chainId: ChainId;
  readonly claimant: EvmAddress;
  readonly payee: VaultPayee;
}

const hex = z.string().transform((value) => value as Hex);
const sharesSchema = z.array(
  z.object({ payee: z.object({ chainHash: hex, account: hex, claimant: hex }), bps: z.number() }),
);

/**
 * Who stands behind the ids by which vaults call payees: all whom a split of the registry ever named, and the same
 * accounts as payees of their own chains, to whom settlements are credited there.
 *
 * @param splits - The registry's `SplitStated`.
 */
export function payeeDirectory(
  chainIds: readonly ChainId[],
  splits: readonly RegistryEvent[],
): ReadonlyMap<Hex, KnownPayee> {
  const known = new Map<Hex, KnownPayee>();
  for (const split of splits) {
    for (const { payee } of sharesSchema.parse(JSON.parse(textArg(split, 'shares')))) {
      const chainId = chainIds.find((candidate) => chainHashOf(candidate) === payee.chainHash);
      // A payee of a chain without a vault draws through its claimant; nothing can be remitted there.
      if (chainId === undefined) continue;
      const account = evmAccountId(chainId, getAddress(slice(payee.account, 12)));
      for (const claimant of [payee.claimant, zeroAddress]) {
        const named = { ...payee, claimant };
        known.set(payeeIdOf(named), { account, chainId, claimant, payee: named });
      }
    }
  }
  return known;
}
