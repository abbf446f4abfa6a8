import type { Address } from 'viem';
import { encodeFunctionData, type Hex, type PublicClient } from 'viem';
import type { PayeeShare } from '../../../schema/types/guard-action';
import type { RegistryContracts } from '../../../schema/types/registry';
import { royaltyVaultAbi } from '../../abi/royalty-vault';
import type { Call } from './calls';
import { payeeIdOf, payeeOf } from './payees';

/** A split as a vault knows it: no accounts, only how it calls them. */
export interface SplitInForce {
  /** Zero before the first. */
  readonly revision: bigint;
  readonly payeeIds: readonly Hex[];
  readonly shareBps: readonly bigint[];
}

/** A payee with how vaults call it. */
function named({ account, shareBps }: PayeeShare) {
  const payee = payeeOf(account);
  return { payee, payeeId: payeeIdOf(payee), bps: shareBps };
}

/** In the order of the payees' ids, as vaults keep them. */
function inOrder(shares: readonly PayeeShare[]) {
  return shares.map(named).sort((one, other) => (BigInt(one.payeeId) < BigInt(other.payeeId) ? -1 : 1));
}

/**
 * States how a vault splits what comes from now on; what it has credited before stays its payees'. Owner only.
 *
 * No claimant is named: a key proves by its signature that it is the payee, on any chain, and a contract's address on
 * another chain may be somebody else's. So every payee's chain is one of the registry's.
 *
 * @param expectedRevision - Of the split that is in force; 0 if none is.
 */
export function stateSplitCall(
  vault: Address,
  expectedRevision: bigint,
  shares: readonly PayeeShare[],
): Call {
  const stated = inOrder(shares).map(({ payee, bps }) => ({ payee, bps }));
  const args = [expectedRevision, stated] as const;
  return { to: vault, data: encodeFunctionData({ abi: royaltyVaultAbi, functionName: 'stateSplit', args }) };
}

/** Whether a vault splits just so. */
export function isSplitSo({ payeeIds, shareBps }: SplitInForce, shares: readonly PayeeShare[]): boolean {
  const wanted = inOrder(shares);
  return (
    wanted.length === payeeIds.length &&
    wanted.every(({ payeeId, bps }, place) => payeeIds[place] === payeeId && shareBps[place] === BigInt(bps))
  );
}

/** Whether a split is in force. */
export async function hasSplit(client: PublicClient, vault: Address): Promise<boolean> {
  const [revision] = await client.readContract({
    abi: royaltyVaultAbi,
    address: vault,
    functionName: 'splitInForce',
  });
  return revision > 0n;
}

/** Where a registry's royalties are split on a chain. @throws Error if it was made before there were vaults. */
export function vaultOf({ royaltyVault, chainId }: RegistryContracts): Address {
  if (royaltyVault === null) throw new Error(`no royalty vault on ${chainId}`);
  return royaltyVault;
}
