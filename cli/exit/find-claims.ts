import { encodeFunctionData, type Hex, keccak256, stringToBytes, zeroHash } from 'viem';
import { collectionAbi } from '../../chains/abi/collection';
import { gatewayAbi } from '../../chains/abi/gateway';
import { lanesAbi } from '../../chains/abi/lanes';
import { chainHashOf } from '../../chains/evm/registry/manifest';
import { type LastOwner, ownersTree } from '../../chains/evm/registry/owners-tree';
import type { ChainId } from '../../schema/caip';
import { actionId, type ExitAction } from './actions';
import { ExitInputError } from './exit-errors';
import type { LastOwners } from './owners-file';
import type { RegistryOnChain } from './registry-on-chain';
import { simulated } from './simulate';

/**
 * Finds the works of a retired chain that are not claimed yet.
 *
 * @throws ExitInputError if no given chain says that it is retired, or if the owners are not those of its retirement.
 */
export async function findClaims(
  registry: readonly RegistryOnChain[],
  { chainId: retired, owners }: LastOwners,
): Promise<readonly ExitAction[]> {
  const chainHash = chainHashOf(retired);
  const { home, root } = await findRetirement(registry, chainHash, retired);
  const tree = ownersTree(chainHash, owners);
  if (tree.root !== root)
    throw new ExitInputError(`The owners given are not those that the retirement of ${retired} names.`);
  const claims: ExitAction[] = [];
  for (const [index, owner] of owners.entries()) {
    if (!(await isThere(home, chainHash, owner))) continue;
    claims.push(await claimOf(home, { retired, owner, proof: tree.proofs[index] ?? [] }));
  }
  return claims;
}

/** Only home retires a chain. */
async function findRetirement(
  registry: readonly RegistryOnChain[],
  chainHash: Hex,
  retired: ChainId,
): Promise<{ home: RegistryOnChain; root: Hex }> {
  for (const home of registry) {
    const root = await home.client.readContract({
      abi: lanesAbi,
      address: home.lanes,
      functionName: 'ownersRootOf',
      args: [chainHash],
    });
    if (root !== zeroHash) return { home, root };
  }
  throw new ExitInputError(`None of the given chains says that ${retired} is retired.`);
}

/** Whether home still has the work on the retired chain: it is not claimed, and had not left before. */
async function isThere(
  { client, collection }: RegistryOnChain,
  chainHash: Hex,
  { workId }: LastOwner,
): Promise<boolean> {
  const { location } = await client.readContract({
    abi: collectionAbi,
    address: collection,
    functionName: 'legOf',
    args: [workId],
  });
  return location === chainHash;
}

function claimOf(
  chain: RegistryOnChain,
  { retired, owner, proof }: { retired: ChainId; owner: LastOwner; proof: readonly Hex[] },
): Promise<ExitAction> {
  const { workId, holder } = owner;
  const args = [chainHashOf(retired), workId, holder, proof] as const;
  return simulated({
    id: actionId('CLAIM', chain.chainId, keccak256(stringToBytes(`${retired} ${workId}`))),
    kind: 'CLAIM',
    chain,
    summary: `give work ${workId} of the retired ${retired} back to ${holder}`,
    to: chain.gateway,
    data: encodeFunctionData({ abi: gatewayAbi, functionName: 'claimRetired', args }),
  });
}
