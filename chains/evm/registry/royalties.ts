import { type Address, encodeFunctionData, type PublicClient, pad, zeroAddress } from 'viem';
import { type AccountId, splitAccountId } from '../../../schema/caip';
import { royaltyVaultAbi } from '../../abi/royalty-vault';
import type { Call } from './calls';
import { chainHashOf } from './manifest';

/** All of a split, in basis points. */
const WHOLE_BPS = 10_000;

/**
 * States the first split of a vault: all is the payee's, whose chain is one of the registry's. Owner only.
 *
 * No claimant is named: a key proves by its signature that it is the payee, on any chain, and a contract's address on
 * another chain may be somebody else's.
 */
export function firstSplitCall(vault: Address, payee: AccountId): Call {
  const { chainId, address } = splitAccountId(payee);
  // CAST: the address of an eip155 account.
  const account = pad(address as Address);
  const share = {
    payee: { chainHash: chainHashOf(chainId), account, claimant: zeroAddress },
    bps: WHOLE_BPS,
  };
  return {
    to: vault,
    data: encodeFunctionData({ abi: royaltyVaultAbi, functionName: 'stateSplit', args: [0n, [share]] }),
  };
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
