import { type Address, createPublicClient, http, type PublicClient } from 'viem';
import { collectionAbi } from '../../../chains/abi/collection';
import { gatewayAbi } from '../../../chains/abi/gateway';
import type { ChainId } from '../../../schema/caip';
import type { WorkId } from '../../../schema/ids';
import { CHAINS, type FaultWorld } from './fault-world';

/** `LegState.LIVE` of contracts/src/interfaces/ICollection.sol. */
const LIVE = 1;

/** What the chains themselves say of a work, whatever the record says. */
export interface WorkTruth {
  /** Chains on which the work has a live leg. */
  readonly liveOn: readonly ChainId[];
  /** Logs of each name over all chains, blocks that still stand only. */
  readonly mints: number;
  readonly departures: number;
  readonly arrivals: number;
}

/** A work that made `hops` moves without a fault's trace: one of everything, and one live leg. */
export function soleLeg(chainId: ChainId, hops: number): WorkTruth {
  return { liveOn: [chainId], mints: 1, departures: hops, arrivals: hops };
}

/** Reads the truth about a work from every chain's own endpoint. */
export async function workTruth(world: FaultWorld, workId: WorkId): Promise<WorkTruth> {
  const { tokenId, documentHash } = await world.work(workId);
  if (tokenId === null) throw new Error(`work ${workId} has no token`);
  const perChain = await Promise.all(
    (await readers(world)).map(async ({ chainId, client, collection }) => {
      const works = { address: collection, abi: collectionAbi, args: { workId: BigInt(tokenId) } } as const;
      const range = { fromBlock: 0n, toBlock: 'latest' } as const;
      const [leg, minted, departed, arrived] = await Promise.all([
        client.readContract({
          address: collection,
          abi: collectionAbi,
          functionName: 'legOf',
          args: [BigInt(tokenId)],
        }),
        // By document: a second mint of the same work would have another token.
        client.getContractEvents({
          address: collection,
          abi: collectionAbi,
          eventName: 'WorkMinted',
          ...range,
        }),
        client.getContractEvents({ ...works, eventName: 'WorkDeparted', ...range }),
        client.getContractEvents({ ...works, eventName: 'WorkArrived', ...range }),
      ]);
      const mints = minted.filter(({ args }) => args.documentHash === documentHash).length;
      return {
        chainId,
        isLive: leg.state === LIVE,
        mints,
        departures: departed.length,
        arrivals: arrived.length,
      };
    }),
  );
  const sum = (of: (chain: (typeof perChain)[number]) => number) =>
    perChain.reduce((n, chain) => n + of(chain), 0);
  return {
    liveOn: perChain.filter(({ isLive }) => isLive).map(({ chainId }) => chainId),
    mints: sum(({ mints }) => mints),
    departures: sum(({ departures }) => departures),
    arrivals: sum(({ arrivals }) => arrivals),
  };
}

/** Statements that the registry's Gateways have sent on all chains. */
export async function statementsSent(world: FaultWorld): Promise<number> {
  const counts = await Promise.all(
    (await readers(world)).map(async ({ client, gateway }) => {
      const range = { fromBlock: 0n, toBlock: 'latest' } as const;
      const logs = await client.getContractEvents({
        address: gateway,
        abi: gatewayAbi,
        eventName: 'StatementSent',
        ...range,
      });
      return logs.length;
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

interface Reader {
  readonly chainId: ChainId;
  readonly client: PublicClient;
  readonly collection: Address;
  readonly gateway: Address;
}

async function readers({ devnet, domain, tenantId, registryId }: FaultWorld): Promise<Reader[]> {
  const { contracts } = await domain.registries.get(tenantId, registryId);
  return CHAINS.map((chainId) => {
    const ofChain = contracts.find((candidate) => candidate.chainId === chainId);
    if (ofChain === undefined) throw new Error(`the registry is not on ${chainId}`);
    const { collection, gateway } = ofChain;
    return {
      chainId,
      collection,
      gateway,
      client: createPublicClient({ transport: http(devnet.directUrl(chainId)) }),
    };
  });
}
