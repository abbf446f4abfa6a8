import { Client } from 'pg';
import { createPublicClient, http } from 'viem';
import type { WorkId } from '../../../schema/ids';
import type { Dispatch } from '../../../schema/types/dispatch';
import { until } from '../../devnet/polling';
import { CHAINS, CONDITION_MS, type FaultWorld } from './fault-world';

const POLL_MS = 250;

/** What is still under way, by table; empty when nothing is. */
interface Unsettled {
  readonly jobs: readonly string[];
  readonly transactions: readonly string[];
}

/** As {@link untilSettled}, for as long as tests of faults wait for anything. */
export function expectSettled(world: FaultWorld): Promise<void> {
  return untilSettled(world, CONDITION_MS);
}

/**
 * Waits until no job waits or runs and every transaction is final.
 *
 * @throws Error that names what is left; dead jobs count as left.
 */
export async function untilSettled(world: Pick<FaultWorld, 'database'>, timeoutMs: number): Promise<void> {
  let left: Unsettled = { jobs: [], transactions: [] };
  const isSettled = async () => {
    left = await unsettled(world);
    return left.jobs.length === 0 && left.transactions.length === 0;
  };
  try {
    await until('nothing is under way', isSettled, { timeoutMs, everyMs: POLL_MS });
  } catch (error) {
    throw new Error(`still under way: ${JSON.stringify(left)}`, { cause: error });
  }
}

/** What is under way at present; see {@link expectSettled}. */
export async function unsettled(world: Pick<FaultWorld, 'database'>): Promise<Unsettled> {
  return inspect(world, async (client) => {
    const jobs = await client.query(
      `select job, state, attempts, last_error from outbox where state <> 'DONE'`,
    );
    const transactions = await client.query(
      `select intent_key, chain_id, state, nonce from chain_transactions where state not in ('final', 'dropped')`,
    );
    const texts = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row));
    return { jobs: texts(jobs.rows), transactions: texts(transactions.rows) };
  });
}

/**
 * On each chain: the nonces that the tenant's account has used, and those that the record gave out.
 * Equal numbers mean that there is neither a gap nor a transaction that nobody knows of.
 */
export async function nonceCounts(
  world: Pick<FaultWorld, 'database' | 'devnet' | 'domain' | 'tenantId'>,
): Promise<{ used: number[]; given: number[] }> {
  const { address } = await world.domain.signers.accountFor(world.tenantId, CHAINS[0]);
  const used = await Promise.all(
    CHAINS.map((chainId) =>
      createPublicClient({ transport: http(world.devnet.directUrl(chainId)) }).getTransactionCount({
        address,
      }),
    ),
  );
  const given = await inspect(world, async (client) => {
    const { rows } = await client.query<{ chain_id: string; next_nonce: string }>(
      'select chain_id, next_nonce from nonce_lanes where tenant_id = $1',
      [world.tenantId],
    );
    return CHAINS.map((chainId) => Number(rows.find((row) => row.chain_id === chainId)?.next_nonce ?? 0));
  });
  return { used, given };
}

/** Makes a dispatch look as old as that in its state: an age that no test has the time to wait for. */
export async function backdate(world: FaultWorld, { id }: Pick<Dispatch, 'id'>, by: string): Promise<void> {
  await inspect(world, (client) =>
    client.query('update dispatches set state_since = state_since - $2::interval where id = $1', [id, by]),
  );
}

/** The rules of the findings about a work. */
export async function findingRules(world: FaultWorld, workId: WorkId): Promise<string[]> {
  return inspect(world, async (client) => {
    const { rows } = await client.query<{ rule: string }>('select rule from findings where work_id = $1', [
      workId,
    ]);
    return rows.map(({ rule }) => rule);
  });
}

async function inspect<T>(
  { database }: Pick<FaultWorld, 'database'>,
  read: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({ connectionString: database.adminUrl });
  await client.connect();
  try {
    return await read(client);
  } finally {
    await client.end();
  }
}

/** The kinds of the entries of a work's history, oldest first; provisional ones included. */
export async function historyKinds({ domain, tenantId }: FaultWorld, workId: WorkId): Promise<string[]> {
  const { edges } = await domain.provenance.page(tenantId, workId, { first: 100, after: undefined });
  return edges.map(({ node }) => node.kind);
}
