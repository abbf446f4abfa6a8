import { getAbiItem, type Hex } from 'viem';
import { collectionAbi } from '../../chains/abi/collection';
import { mintCall } from '../../chains/evm/registry/calls';
import { allLogs } from '../../chains/log-search';
import { actionId, type ExitAction } from './actions';
import type { RegistryOnChain } from './registry-on-chain';
import { simulated } from './simulate';

const MINT_EVENTS = [
  getAbiItem({ abi: collectionAbi, name: 'MintCommitted' }),
  getAbiItem({ abi: collectionAbi, name: 'WorkMinted' }),
] as const;

/** Finds the works that were committed to and are not minted. Only the home chain has any. Oldest first. */
export async function findMints(registry: readonly RegistryOnChain[]): Promise<readonly ExitAction[]> {
  const found: ExitAction[] = [];
  for (const chain of registry) {
    for (const commit of await openCommits(chain)) found.push(await mintOf(chain, commit));
  }
  return found;
}

interface Commit {
  readonly documentHash: Hex;
  readonly edition: bigint;
}

async function openCommits({ client, collection, range }: RegistryOnChain): Promise<readonly Commit[]> {
  const logs = await allLogs(range, (piece) =>
    client.getLogs({ address: collection, events: MINT_EVENTS, strict: true, ...piece }),
  );
  const minted = new Set(
    logs.flatMap((log) => (log.eventName === 'WorkMinted' ? [log.args.documentHash] : [])),
  );
  return logs.flatMap((log) =>
    log.eventName === 'MintCommitted' && !minted.has(log.args.documentHash) ? [log.args] : [],
  );
}

function mintOf(chain: RegistryOnChain, { documentHash, edition }: Commit): Promise<ExitAction> {
  return simulated({
    id: actionId('MINT', chain.chainId, documentHash),
    kind: 'MINT',
    chain,
    summary: `mint edition ${edition}, which was committed to with document ${documentHash}`,
    ...mintCall(chain.collection, [documentHash]),
  });
}
