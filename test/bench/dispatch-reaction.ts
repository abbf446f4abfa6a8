import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import { createPublicClient, type Hex, http } from 'viem';
import { pollIntervalMs } from '../../chains/follower/run-follower';
import type { DispatchId, WorkId } from '../../schema/ids';
import { until } from '../devnet/polling';
import { BASE, type FaultWorld, HOME } from '../faults/support/fault-world';
import { withClient } from '../support/template-database';
import { type BenchmarkOptions, type Comparison, percentile } from './benchmark';
import { mintTo } from './dispatch-throughput';

const FULL_SENDS = 120;
const SMALL_SENDS = 8;
/** So that sends become final in many different blocks. */
const SEND_EVERY_MS = 150;
/** What may be added to one poll interval of the follower. */
const ALLOWANCE_MS = 250;
const WATCH_EVERY_MS = 10;
const WAIT_MS = 120_000;

/**
 * How long after the source block of a send became final its dispatch is recorded as such, which is when
 * the next action is due. Both ends are seen from outside, as they happen: by asking the chain for its
 * `finalized` block, and the database for what has been committed.
 */
export async function compareReaction(
  world: FaultWorld,
  { small, log }: BenchmarkOptions,
): Promise<Comparison> {
  const { address } = await world.domain.signers.accountFor(world.tenantId, HOME);
  const workIds = await mintTo(world, address, small ? SMALL_SENDS : FULL_SENDS);
  const lags = await withClient(world.database.adminUrl, (client) => measureLags(world, client, workIds));
  const { blockTimeMs } = world.devnet.chains.find(({ chainId }) => chainId === HOME) ?? { blockTimeMs: 0 };
  const limitMs = pollIntervalMs({ blockTimeMs }) + ALLOWANCE_MS;
  const p99 = percentile(lags, 0.99);
  log(
    `finality on the source to SOURCE_FINAL: p50 ${percentile(lags, 0.5).toFixed(0)} ms, ` +
      `p99 ${p99.toFixed(0)} ms over ${lags.length} sends; limit ${limitMs} ms`,
  );
  return {
    name: 'limit vs time added after source finality (p99)',
    unit: 'ms',
    figure: limitMs,
    peer: p99,
    bar: 1,
  };
}

async function measureLags(world: FaultWorld, client: Client, workIds: readonly WorkId[]): Promise<number[]> {
  const ended = new AbortController();
  const finalAt = new Map<bigint, number>();
  const recordedAt = new Map<DispatchId, number>();
  const watching = Promise.all([
    watchFinality(world, finalAt, ended.signal),
    watchRecord(client, workIds, recordedAt, ended.signal),
  ]);
  try {
    for (const workId of workIds) {
      await world.send(workId, BASE, 'CCIP');
      await delay(SEND_EVERY_MS);
    }
    const allRecorded = () => recordedAt.size === workIds.length;
    await until('all sends to be final', allRecorded, { timeoutMs: WAIT_MS });
  } finally {
    ended.abort();
    await watching;
  }
  const chain = createPublicClient({ transport: http(world.devnet.directUrl(HOME)) });
  const dispatches = await world.domain.dispatches.findByIds(world.tenantId, [...recordedAt.keys()]);
  return Promise.all(
    dispatches.map(async ({ id, sourceTransactionHash }) => {
      // CAST: the follower recorded it from a log.
      const hash = sourceTransactionHash as Hex;
      const { blockNumber } = await chain.getTransactionReceipt({ hash });
      return (recordedAt.get(id) ?? Number.NaN) - (finalAt.get(blockNumber) ?? Number.NaN);
    }),
  );
}

/** Notes when each block was first seen at or below the finalized one. */
async function watchFinality(
  world: FaultWorld,
  finalAt: Map<bigint, number>,
  signal: AbortSignal,
): Promise<void> {
  const chain = createPublicClient({ transport: http(world.devnet.directUrl(HOME)) });
  let next: bigint | undefined;
  while (!signal.aborted) {
    const asked = performance.now();
    const { number } = await chain.getBlock({ blockTag: 'finalized' });
    for (next ??= number; next <= number; next += 1n) finalAt.set(next, asked);
    await delay(WATCH_EVERY_MS);
  }
}

async function watchRecord(
  client: Client,
  workIds: readonly WorkId[],
  recordedAt: Map<DispatchId, number>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const { rows } = await client.query<{ id: DispatchId }>(
      `select id from dispatches
        where work_id = any($1) and state in ('SOURCE_FINAL', 'DELIVERED', 'CONFIRMED')`,
      [workIds],
    );
    const seen = performance.now();
    for (const { id } of rows) if (!recordedAt.has(id)) recordedAt.set(id, seen);
    await delay(WATCH_EVERY_MS);
  }
}
