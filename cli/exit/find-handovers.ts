import { encodeFunctionData, getAbiItem, keccak256, stringToBytes } from 'viem';
import { adoptedCollectionAbi } from '../../chains/abi/adopted-collection';
import { allLogs } from '../../chains/log-search';
import { actionId, type ExitAction } from './actions';
import type { RegistryOnChain } from './registry-on-chain';
import { simulated } from './simulate';

const RELEASE_EVENTS = [
  getAbiItem({ abi: adoptedCollectionAbi, name: 'ReleaseHeld' }),
  getAbiItem({ abi: adoptedCollectionAbi, name: 'ReleaseClaimed' }),
] as const;

/** Finds the adopted tokens that wait in the adapter, which only a home chain has, for whom they belong to. */
export async function findHandovers(registry: readonly RegistryOnChain[]): Promise<readonly ExitAction[]> {
  const found: ExitAction[] = [];
  for (const chain of registry) {
    for (const [workId, claimant] of await waitingOn(chain))
      found.push(await handoverOf(chain, workId, claimant));
  }
  return found;
}

/** By work: for whom its token waits, as the last event says. */
async function waitingOn({
  client,
  collection,
  range,
}: RegistryOnChain): Promise<ReadonlyMap<bigint, string>> {
  const logs = await allLogs(range, (piece) =>
    client.getLogs({ address: collection, events: RELEASE_EVENTS, strict: true, ...piece }),
  );
  const waiting = new Map<bigint, string>();
  for (const log of logs) {
    if (log.eventName === 'ReleaseHeld') waiting.set(log.args.workId, log.args.claimant);
    else waiting.delete(log.args.workId);
  }
  return waiting;
}

function handoverOf(chain: RegistryOnChain, workId: bigint, claimant: string): Promise<ExitAction> {
  return simulated({
    id: actionId('HAND_OVER', chain.chainId, keccak256(stringToBytes(String(workId)))),
    kind: 'HAND_OVER',
    chain,
    summary: `hand the token of work ${workId} over to ${claimant}`,
    to: chain.collection,
    data: encodeFunctionData({ abi: adoptedCollectionAbi, functionName: 'claim', args: [workId] }),
  });
}
