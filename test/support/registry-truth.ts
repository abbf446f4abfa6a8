import { type Address, createPublicClient, type Hex, http, type PublicClient } from 'viem';
import { collectionAbi } from '../../chains/abi/collection';
import { contractsOn } from '../../domain/registry/registry-contracts';
import { type ChainId, evmAccountId } from '../../schema/caip';
import type { TenantId } from '../../schema/ids';
import type { Registry } from '../../schema/types/registry';
import { withClient } from './template-database';
import type { TestDatabase } from './test-database';

/** `LegState.LIVE` of contracts/src/interfaces/ICollection.sol. */
const LIVE = 1;
const PARALLEL_READS = 25;

/** A move as a log says it. */
export interface TrueMove {
  readonly tokenId: string;
  readonly hop: bigint;
}

/** What the chains themselves say of a registry, whatever the record says: of blocks that still stand only. */
export interface RegistryTruth {
  readonly mints: readonly { readonly tokenId: string; readonly documentHash: Hex }[];
  readonly departures: readonly TrueMove[];
  readonly arrivals: readonly TrueMove[];
  /** As home stated them. */
  readonly revisions: readonly { readonly tokenId: string; readonly revision: bigint }[];
  /** By token: where it is live, and who owns it there. */
  readonly live: ReadonlyMap<string, readonly { readonly chainId: ChainId; readonly owner: Address }[]>;
}

/** Asks the own endpoint of every chain of a registry for all that has happened to its works. */
export async function readRegistryTruth(
  endpoints: { directUrl(chainId: ChainId): string },
  registry: Registry,
): Promise<RegistryTruth> {
  const sides = registry.chainIds.map((chainId) => ({
    chainId,
    client: createPublicClient({ transport: http(endpoints.directUrl(chainId)) }),
    // CAST: the registry holds what the factory's addresses were computed as.
    collection: { address: contractsOn(registry, chainId).collection as Address, abi: collectionAbi },
  }));
  const logs = await Promise.all(sides.map(logsOn));
  const mints = logs.flatMap((chain) => chain.mints);
  return {
    mints,
    departures: logs.flatMap((chain) => chain.departures),
    arrivals: logs.flatMap((chain) => chain.arrivals),
    revisions: logs.flatMap((chain) => chain.revisions),
    live: await liveLegs(sides, mints),
  };
}

/** Who owns the live copies of a token, as lower-case CAIP-10: one, if all is well. */
export function ownersOf(live: RegistryTruth['live'], tokenId: string): string[] {
  return (live.get(tokenId) ?? []).map(({ chainId, owner }) => evmAccountId(chainId, owner).toLowerCase());
}

/** The holder of each token that a tenant has live works of, as the record has it. */
export async function readRecordedHolders(
  { adminUrl }: TestDatabase,
  tenantId: TenantId,
): Promise<Map<string, string>> {
  return withClient(adminUrl, async (client) => {
    const { rows } = await client.query<{ token_id: string; holder: string }>(
      `select token_id, holder from works where tenant_id = $1 and state = 'LIVE'`,
      [tenantId],
    );
    return new Map(rows.map(({ token_id, holder }) => [token_id, holder]));
  });
}

interface Side {
  readonly chainId: ChainId;
  readonly client: PublicClient;
  readonly collection: { readonly address: Address; readonly abi: typeof collectionAbi };
}

async function logsOn({ client, collection }: Side) {
  const all = { ...collection, fromBlock: 0n, toBlock: 'latest', strict: true } as const;
  const [minted, departed, arrived, stated] = await Promise.all([
    client.getContractEvents({ ...all, eventName: 'WorkMinted' }),
    client.getContractEvents({ ...all, eventName: 'WorkDeparted' }),
    client.getContractEvents({ ...all, eventName: 'WorkArrived' }),
    client.getContractEvents({ ...all, eventName: 'RevisionStated' }),
  ]);
  const tokenOf = ({ args }: { readonly args: { readonly workId: bigint } }) => args.workId.toString();
  return {
    mints: minted.map((log) => ({ tokenId: tokenOf(log), documentHash: log.args.documentHash })),
    departures: departed.map((log) => ({ tokenId: tokenOf(log), hop: log.args.hop })),
    arrivals: arrived.map((log) => ({ tokenId: tokenOf(log), hop: log.args.hop })),
    revisions: stated.map((log) => ({ tokenId: tokenOf(log), revision: log.args.revision })),
  };
}

async function liveLegs(
  sides: readonly Side[],
  mints: RegistryTruth['mints'],
): Promise<RegistryTruth['live']> {
  const live = new Map<string, { chainId: ChainId; owner: Address }[]>();
  for (const { chainId, client, collection } of sides) {
    await inParallel(mints, async ({ tokenId }) => {
      const args = [BigInt(tokenId)] as const;
      const leg = await client.readContract({ ...collection, functionName: 'legOf', args });
      if (leg.state !== LIVE) return;
      const owner = await client.readContract({ ...collection, functionName: 'ownerOf', args });
      live.set(tokenId, [...(live.get(tokenId) ?? []), { chainId, owner }]);
    });
  }
  return live;
}

async function inParallel<T>(values: readonly T[], act: (value: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < values.length; at += PARALLEL_READS) {
    await Promise.all(values.slice(at, at + PARALLEL_READS).map(act));
  }
}
