import type { Address, Hex } from 'viem';
import { AdoptedTokenReader, approveEscrowCall } from '../../chains/evm/registry/adoption';
import type { Call } from '../../chains/evm/registry/calls';
import type { ChainAccesses } from '../../chains/transactions/chain-access';
import type { ChainId } from '../../schema/caip';
import type { Registry } from '../../schema/types/registry';
import { contractsOn } from '../registry/registry-contracts';

/**
 * What the holder of an adopted work has to send before it can leave home: the adapter takes the token into escrow
 * only if it may. Undefined if nothing is missing.
 *
 * @param seed - Of the work: its token in the adopted contract.
 */
export async function missingApproval(
  chains: ChainAccesses,
  registry: Registry,
  { sourceChainId, holder, seed }: { sourceChainId: ChainId; holder: Address; seed: Hex },
): Promise<Call | undefined> {
  const { adopted, homeChainId } = registry;
  if (adopted === null || sourceChainId !== homeChainId) return undefined;
  const { collection: adapter } = contractsOn(registry, homeChainId);
  const tokenId = BigInt(seed);
  const reader = new AdoptedTokenReader(chains.get(homeChainId).public, adopted.address);
  if (await reader.isApproved(holder, adapter, tokenId)) return undefined;
  return approveEscrowCall(adopted, adapter, tokenId);
}
