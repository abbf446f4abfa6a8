import { type Address, createPublicClient, type Hex, http, type PublicClient } from 'viem';
import { collectionAbi } from '../../../chains/abi/collection';
import { gatewayAbi } from '../../../chains/abi/gateway';
import type { ChainId } from '../../../schema/caip';
import type { WorkId } from '../../../schema/ids';
import { CHAINS, type FaultWorld, HOME } from './fault-world';

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

/** Reads the truth about a work from every chain's own endpoint. The record is asked for its document only. */
export async function workTruth(world: FaultWorld, workId: WorkId): Promise<WorkTruth> {
  const { documentHash } = await world.work(workId);
  const chains = await readers(world);
  const token = await tokenOf(chains, documentHash);
  const perChain = await Promise.all(
    chains.map(async ({ chainId, client, collection }) => {
      const events = { address: collection, abi: collectionAbi, fromBlock: 0n, toBlock: 'latest' } as const;
      const ofWork = { ...events, args: { workId: token } } as const;
      const [leg, minted, departed, arrived] = await Promise.all([
        client.readContract({
          address: collection,
          abi: collectionAbi,
          functionName: 'legOf',
          args: [token],
        }),
        client.getContractEvents({ ...events, eventName: 'WorkMinted', args: { documentHash } }),
        client.getContractEvents({ ...ofWork, eventName: 'WorkDeparted' }),
        client.getContractEvents({ ...ofWork, eventName: 'WorkArrived' }),
      ]);
      return {
        chainId,
        isLive: leg.state === LIVE,
        mints: minted.length,
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

/** The token that the home chain knows for a document; 0, which no work has, if it was not minted. */
async function tokenOf(chains: readonly Reader[], documentHash: Hex): Promise<bigint> {
  const home = chains.find(({ chainId }) => chainId === HOME);
  if (home === undefined) throw new Error('the registry has no home');
  const call = { abi: collectionAbi, functionName: 'workOf', args: [documentHash] } as const;
  return home.client.readContract({ address: home.collection, ...call });
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
