import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { type Address, createPublicClient, http } from 'viem';
import { collectionAbi } from '../../../chains/abi/collection';
import { contractsOn } from '../../../domain/registry/registry-contracts';
import type { ChainId } from '../../../schema/caip';
import type { WorkId } from '../../../schema/ids';
import type { ProvenanceEvent } from '../../../schema/types/provenance';
import { CHAINS, type FaultWorld } from '../../faults/support/fault-world';
import { withClient } from '../../support/template-database';

/** `LegState.LIVE` of contracts/src/interfaces/ICollection.sol. */
const LIVE = 1;
const PARALLEL_READS = 25;

/** A departure as a log says it. */
export interface Departure {
  readonly tokenId: string;
  readonly hop: bigint;
}

/** What the chains themselves say of a set of works. */
export interface ChainAudit {
  /** By token: where it is live, and who owns it there. */
  readonly live: ReadonlyMap<string, readonly { chainId: ChainId; owner: Address }[]>;
  readonly departures: readonly Departure[];
  readonly arrivals: number;
}

/** Asks every chain's own endpoint for the legs and moves of these tokens. */
export async function auditChains(world: FaultWorld, tokenIds: readonly string[]): Promise<ChainAudit> {
  const registry = await world.domain.registries.get(world.tenantId, world.registryId);
  const live = new Map<string, { chainId: ChainId; owner: Address }[]>();
  const departures: Departure[] = [];
  let arrivals = 0;
  for (const chainId of CHAINS) {
    // CAST: the registry holds what the factory's addresses were computed as.
    const collection = {
      address: contractsOn(registry, chainId).collection as Address,
      abi: collectionAbi,
    } as const;
    const client = createPublicClient({ transport: http(world.devnet.directUrl(chainId)) });
    await inParallel(tokenIds, async (tokenId) => {
      const args = [BigInt(tokenId)] as const;
      const leg = await client.readContract({ ...collection, functionName: 'legOf', args });
      if (leg.state !== LIVE) return;
      const owner = await client.readContract({ ...collection, functionName: 'ownerOf', args });
      live.set(tokenId, [...(live.get(tokenId) ?? []), { chainId, owner }]);
    });
    const ours = (args: { workId: bigint }) => tokenIds.includes(args.workId.toString());
    const all = { fromBlock: 0n, toBlock: 'latest', strict: true } as const;
    const departed = await client.getContractEvents({ ...collection, eventName: 'WorkDeparted', ...all });
    const arrived = await client.getContractEvents({ ...collection, eventName: 'WorkArrived', ...all });
    for (const { args } of departed.filter((log) => ours(log.args))) {
      departures.push({ tokenId: args.workId.toString(), hop: args.hop });
    }
    arrivals += arrived.filter((log) => ours(log.args)).length;
  }
  return { live, departures, arrivals };
}

/** A work's whole history as the API shows it. */
export async function historyOf(world: FaultWorld, workId: WorkId): Promise<ProvenanceEvent[]> {
  const page = { first: 100, after: undefined };
  const { edges } = await world.domain.provenance.page(world.tenantId, workId, page);
  return edges.map(({ node }) => node);
}

/** The hashes that a history's entries ought to have, each computed from the entries up to it alone. */
export function recomputedHashes(history: readonly ProvenanceEvent[]): string[] {
  let previousHash = '0'.repeat(64);
  return history.map(({ kind, facts, evidence }, index) => {
    const entry = canonicalize({ sequence: index + 1, kind, facts, evidence, previousHash });
    previousHash = createHash('sha256').update(String(entry)).digest('hex');
    return previousHash;
  });
}

/** What the outbox and the lanes say at the end of a run. */
export interface RecordAudit {
  /** Dispatches of the works by state. */
  readonly dispatches: Readonly<Record<string, number>>;
  /** Jobs that were asked for since the run began, by how they ended. */
  readonly jobs: Readonly<Record<string, number>>;
  /** Runs of those jobs that were queued: each is one ticket that a worker had to take. */
  readonly deliveries: number;
  /** Transactions that are neither final nor dropped. */
  readonly unfinished: number;
}

export async function auditRecord(
  world: FaultWorld,
  workIds: readonly WorkId[],
  since: Date,
): Promise<RecordAudit> {
  return withClient(world.database.adminUrl, async (client) => {
    const count = async (sql: string, values: readonly unknown[]) => {
      const { rows } = await client.query(sql, [...values]);
      return Object.fromEntries(rows.map(({ state, count }) => [state, Number(count)]));
    };
    const total = await client.query(
      `select coalesce(sum(deliveries), 0)::int as deliveries,
              (select count(*)::int from chain_transactions where state not in ('final', 'dropped')) as unfinished
         from outbox where created_at >= $1`,
      [since],
    );
    return {
      dispatches: await count(
        'select state, count(*) from dispatches where work_id = any($1) group by state',
        [workIds],
      ),
      jobs: await count('select state, count(*) from outbox where created_at >= $1 group by state', [since]),
      ...total.rows[0],
    };
  });
}

async function inParallel<T>(values: readonly T[], act: (value: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < values.length; at += PARALLEL_READS) {
    await Promise.all(values.slice(at, at + PARALLEL_READS).map(act));
  }
}
