import Bull from 'bull';
import type { TenantId } from '../../schema/ids';
import { QueueHarness } from '../integration/queue/harness';
import {
  type Benchmark,
  type BenchmarkOptions,
  type Comparison,
  median,
  percentile,
  timed,
} from './benchmark';
import { idle } from './fairness/contest';
import { SteadyLoad } from './fairness/steady-load';
import { WorkerProcess } from './fairness/worker-process';
import { withServices } from './services';

interface Scale {
  readonly tenants: number;
  /** Jobs that one tenant has waiting. */
  readonly backlog: number;
  /** Requests of the quiet tenant that are measured when it is alone. */
  readonly samples: number;
}

const FULL: Scale = { tenants: 50, backlog: 200_000, samples: 1_000 };
const SMALL: Scale = { tenants: 5, backlog: 2_000, samples: 100 };
/** Beside the flood its p99 may be twice as long. */
const LATENCY_BAR = 1 / 2;
const THROUGHPUT_BAR = 0.4;
/** Jobs that are asked for in one transaction, or added to Bull at once. */
const BATCH = 500;
const QUIET_PER_SECOND = 40;
/** Requests of each of the tenants that neither flood nor are watched. */
const OTHERS_PER_SECOND = 1;
/** Requests that a fresh worker has served before any is measured. */
const WARM_UP = 50;
const ROUNDS = 3;
const WAIT_MS = 600_000;
const PEER_QUEUE = 'plain-idle';

/**
 * One tenant with 200,000 waiting jobs among 50, through the whole path (the tenants' transactions, outbox,
 * relay, Bull, runner, the record of the end) on a durable PostgreSQL: how long a quiet tenant waits from its
 * commit to the start of its job, beside them and alone; and how many jobs end in a second, the time to write
 * them included, against plain Bull with the same handler that does nothing, the time to add them included.
 */
export const benchFairness: Benchmark = (options) => withServices((redisUrl) => compete(redisUrl, options));

async function compete(redisUrl: string, { small, log }: BenchmarkOptions): Promise<Comparison[]> {
  const scale = small ? SMALL : FULL;
  const h = await QueueHarness.create();
  try {
    const ours = { h, redisUrl, quiet: await h.tenant() };
    const aloneMs = await measureAlone(ours, scale);
    log(`a quiet tenant alone waits ${summary(aloneMs)}`);
    const rates = { ours: [] as number[], peer: [] as number[] };
    const besideP99s: number[] = [];
    for (let round = 1; round <= (small ? 1 : ROUNDS); round += 1) {
      const peerPerSecond = await workOffPeers(redisUrl, scale);
      const { besideMs, perSecond } = await workOffOurs(ours, scale);
      log(`beside ${scale.tenants - 1} others it waits ${summary(besideMs)}`);
      log(`ours ${perSecond.toFixed(0)} jobs/s; plain Bull ${peerPerSecond.toFixed(0)}`);
      rates.peer.push(peerPerSecond);
      rates.ours.push(perSecond);
      besideP99s.push(percentile(besideMs, 0.99));
    }
    return [
      {
        name: 'jobs from request to end vs plain Bull',
        unit: 'jobs/s',
        figure: median(rates.ours),
        peer: median(rates.peer),
        bar: THROUGHPUT_BAR,
      },
      {
        name: "a quiet tenant's p99 alone vs beside a flood",
        unit: 'µs',
        figure: percentile(aloneMs, 0.99) * 1_000,
        peer: median(besideP99s) * 1_000,
        bar: LATENCY_BAR,
      },
    ];
  } finally {
    await h.destroy();
  }
}

interface Ours {
  readonly h: QueueHarness;
  readonly redisUrl: string;
  readonly quiet: TenantId;
}

/** @returns The waits of the quiet tenant's requests when there are no others, in milliseconds. */
async function measureAlone({ h, redisUrl, quiet }: Ours, { samples }: Scale): Promise<number[]> {
  const worker = await WorkerProcess.start('our-worker.js', [h.systemUrl, redisUrl, quiet]);
  const load = new SteadyLoad(h, quiet, QUIET_PER_SECOND);
  try {
    load.start();
    await worker.until(() => load.made >= WARM_UP + samples, WAIT_MS);
    await load.stop();
    await worker.until(() => worker.ended >= load.made, WAIT_MS);
    return load.waitsMs(worker.begunMs).slice(WARM_UP);
  } finally {
    await load.stop();
    await worker.stop();
  }
}

async function workOffOurs(
  { h, redisUrl, quiet }: Ours,
  { tenants, backlog }: Scale,
): Promise<{ besideMs: number[]; perSecond: number }> {
  const flood = await h.tenant();
  const others = await Promise.all(Array.from({ length: tenants - 2 }, () => h.tenant()));
  const quietLoad = new SteadyLoad(h, quiet, QUIET_PER_SECOND);
  const loads = [quietLoad, ...others.map((tenantId) => new SteadyLoad(h, tenantId, OTHERS_PER_SECOND))];
  const writtenMs = await timed(() => writeBacklog(h, flood, backlog));
  const worker = await WorkerProcess.start('our-worker.js', [h.systemUrl, redisUrl, quiet]);
  const made = () => backlog + loads.reduce((sum, load) => sum + load.made, 0);
  try {
    const workedMs = await timed(async () => {
      for (const load of loads) load.start();
      await worker.until(() => worker.ended >= backlog, WAIT_MS);
      await Promise.all(loads.map((load) => load.stop()));
      await worker.until(() => worker.ended >= made(), WAIT_MS);
    });
    await worker.stop();
    await requireDone(h, [flood, quiet, ...others], made());
    return {
      besideMs: quietLoad.waitsMs(worker.begunMs).slice(WARM_UP),
      perSecond: rate(made(), writtenMs + workedMs),
    };
  } finally {
    await Promise.all(loads.map((load) => load.stop()));
    await worker.stop();
  }
}

/** Asks for `jobs` jobs of one tenant, in transactions of 500. */
export async function writeBacklog(h: QueueHarness, tenantId: TenantId, jobs: number): Promise<void> {
  for (let first = 0; first < jobs; first += BATCH) {
    const requests = batchFrom(first, jobs).map((n) => ({ payload: { tenantId, n } }));
    await h.tenants.transaction(tenantId, (tx) => h.outbox.addAll(tx, idle, requests));
  }
}

/** @throws Unless as many jobs as were asked for are recorded as DONE, and none otherwise. */
export async function requireDone(
  h: QueueHarness,
  tenantIds: readonly TenantId[],
  jobs: number,
): Promise<void> {
  const { rows } = await h.admin.query<{ state: string; count: number }>(
    'select state, count(*)::int as count from outbox where tenant_id = any($1) group by state',
    [tenantIds],
  );
  const [only] = rows;
  if (rows.length !== 1 || only?.state !== 'DONE')
    throw new Error(`not all are done: ${JSON.stringify(rows)}`);
  if (only.count < jobs) throw new Error(`${only.count} of ${jobs} jobs are recorded`);
}

/** Plain Bull, from adding the jobs to the end of the last. @returns Jobs per second. */
export async function workOffPeers(
  redisUrl: string,
  { backlog: jobs }: Pick<Scale, 'backlog'>,
): Promise<number> {
  const queue = new Bull(PEER_QUEUE, redisUrl);
  try {
    await queue.isReady();
    const addedMs = await timed(async () => {
      for (let first = 0; first < jobs; first += BATCH) {
        await queue.addBulk(
          batchFrom(first, jobs).map((n) => ({
            data: { n },
            opts: { removeOnComplete: true, removeOnFail: true },
          })),
        );
      }
    });
    const worker = await WorkerProcess.start('peer-worker.js', [redisUrl, PEER_QUEUE]);
    try {
      const workedMs = await timed(() => worker.until(() => worker.ended >= jobs, WAIT_MS));
      return rate(jobs, addedMs + workedMs);
    } finally {
      await worker.stop();
    }
  } finally {
    await queue.close();
  }
}

function batchFrom(first: number, end: number): number[] {
  return Array.from({ length: Math.min(BATCH, end - first) }, (_, index) => first + index);
}

function rate(count: number, ms: number): number {
  return (count / ms) * 1_000;
}

function summary(waitsMs: readonly number[]): string {
  const [half, most] = [percentile(waitsMs, 0.5), percentile(waitsMs, 0.99)];
  return `${half.toFixed(1)} ms at p50, ${most.toFixed(1)} ms at p99 (${waitsMs.length} requests)`;
}
