import { QueueHarness } from '../integration/queue/harness';
import { createTestDatabase } from '../support/test-database';
import { type Benchmark, type BenchmarkOptions, type Comparison, median } from './benchmark';
import { requireDone, workOffPeers, writeBacklog } from './fairness';
import { WorkerProcess } from './fairness/worker-process';
import { peersFolder } from './peers';
import { workOffBullMq, workOffGraphile } from './queues/peers';
import { withServices } from './services';

const FULL = { rounds: 3, jobs: 50_000 };
const SMALL = { rounds: 1, jobs: 1_000 };
const WAIT_MS = 600_000;
/** As in fairness.ts. */
const BULL_BAR = 0.4;

/**
 * As many jobs that do nothing, from asking for the first to the end of the last, as many at a time: ours through the
 * whole path (the tenant's transactions, outbox, relay, Bull, runner, the record of the end) on a durable PostgreSQL,
 * graphile-worker on the same PostgreSQL, Bull and BullMQ on the same Redis, which keeps nothing on disk. Each worker
 * is a process of its own; by turns.
 */
export const benchQueues: Benchmark = (options) => withServices((redisUrl) => compete(redisUrl, options));

async function compete(redisUrl: string, { small, log }: BenchmarkOptions): Promise<Comparison[]> {
  const { rounds, jobs } = small ? SMALL : FULL;
  const peers = peersFolder(log);
  const rates = {
    ours: [] as number[],
    bull: [] as number[],
    bullMq: [] as number[],
    graphile: [] as number[],
  };
  const rate = (ms: number) => (jobs / ms) * 1_000;
  for (let round = 1; round <= rounds; round += 1) {
    rates.ours.push(rate(await workOffOurs(redisUrl, jobs)));
    rates.graphile.push(rate(await workOffGraphileFresh(peers, jobs)));
    rates.bull.push(await workOffPeers(redisUrl, { backlog: jobs }));
    rates.bullMq.push(rate(await workOffBullMq(peers, redisUrl, jobs)));
    const shown = Object.entries(rates).map(([name, found]) => `${name} ${found.at(-1)?.toFixed(0)}`);
    log(`round ${round}: ${jobs} jobs, by jobs/s: ${shown.join(', ')}`);
  }
  const figure = median(rates.ours);
  const unit = 'jobs/s';
  return [
    { name: 'jobs from request to end vs Bull', unit, figure, peer: median(rates.bull), bar: BULL_BAR },
    { name: 'jobs from request to end vs BullMQ', unit, figure, peer: median(rates.bullMq) },
    { name: 'jobs from request to end vs graphile-worker', unit, figure, peer: median(rates.graphile) },
  ];
}

/** One tenant's jobs in a database of their own. @returns Milliseconds. */
async function workOffOurs(redisUrl: string, jobs: number): Promise<number> {
  const h = await QueueHarness.create();
  try {
    const tenantId = await h.tenant();
    const askedAt = performance.now();
    await writeBacklog(h, tenantId, jobs);
    const writtenMs = performance.now() - askedAt;
    const worker = await WorkerProcess.start('our-worker.js', [h.systemUrl, redisUrl]);
    try {
      const startedAt = performance.now();
      await worker.until(() => worker.ended >= jobs, WAIT_MS);
      const workedMs = performance.now() - startedAt;
      await worker.stop();
      await requireDone(h, [tenantId], jobs);
      return writtenMs + workedMs;
    } finally {
      await worker.stop();
    }
  } finally {
    await h.destroy();
  }
}

async function workOffGraphileFresh(peers: string, jobs: number): Promise<number> {
  const database = await createTestDatabase();
  try {
    return await workOffGraphile(peers, database.adminUrl, jobs);
  } finally {
    await database.drop();
  }
}
