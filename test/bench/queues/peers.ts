import { createRequire } from 'node:module';
import { join } from 'node:path';
import { withClient } from '../../../cli/database';
import { pollUntil } from '../../../cli/embedded/poll';
import { timed } from '../benchmark';
import { CONCURRENCY, REPORT_MS } from '../fairness/contest';
import { WorkerProcess } from '../fairness/worker-process';

/** Jobs that are added at once. */
const BATCH = 500;
const WAIT_MS = 600_000;

/** What is used here of packages whose types are not compiled with us. */
interface BullMq {
  readonly Queue: new (
    name: string,
    options: { connection: Connection },
  ) => {
    waitUntilReady(): Promise<unknown>;
    addBulk(jobs: readonly { name: string; data: object; opts: object }[]): Promise<unknown>;
    close(): Promise<void>;
  };
}
interface GraphileWorker {
  makeWorkerUtils(options: { connectionString: string }): Promise<{
    migrate(): Promise<void>;
    addJobs(jobs: readonly { identifier: string; payload: object }[]): Promise<unknown>;
    release(): Promise<void>;
  }>;
}
interface Connection {
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
}

/** BullMQ, from adding the jobs to the end of the last. @returns Milliseconds. */
export async function workOffBullMq(folder: string, redisUrl: string, jobs: number): Promise<number> {
  const { Queue } = load<BullMq>(folder, 'bullmq');
  const connection = connectionOf(redisUrl);
  const name = 'bullmq-idle';
  const queue = new Queue(name, { connection });
  try {
    await queue.waitUntilReady();
    const addedMs = await timed(async () => {
      for (const batch of batches(jobs)) {
        await queue.addBulk(
          batch.map((n) => ({
            name: 'idle',
            data: { n },
            opts: { removeOnComplete: true, removeOnFail: true },
          })),
        );
      }
    });
    const script = join(folder, 'queues', 'bullmq.js');
    const args = [JSON.stringify(connection), name, String(CONCURRENCY), String(REPORT_MS)];
    return addedMs + (await workOff(script, args, jobs, async () => undefined));
  } finally {
    await queue.close();
  }
}

/** graphile-worker in an empty database, from adding the jobs until none is left there. @returns Milliseconds. */
export async function workOffGraphile(folder: string, databaseUrl: string, jobs: number): Promise<number> {
  const { makeWorkerUtils } = load<GraphileWorker>(folder, 'graphile-worker');
  const utils = await makeWorkerUtils({ connectionString: databaseUrl });
  let addedMs: number;
  try {
    await utils.migrate();
    addedMs = await timed(async () => {
      for (const batch of batches(jobs)) {
        await utils.addJobs(batch.map((n) => ({ identifier: 'idle', payload: { n } })));
      }
    });
  } finally {
    await utils.release();
  }
  const script = join(folder, 'queues', 'graphile.js');
  const args = [databaseUrl, String(CONCURRENCY), String(REPORT_MS)];
  const workedMs = await workOff(script, args, jobs, () =>
    // It tells of a success before it has recorded it.
    withClient(databaseUrl, async (client) => {
      const gone = await pollUntil(async () => {
        const { rowCount } = await client.query('select from graphile_worker._private_jobs limit 1');
        return rowCount === 0;
      }, WAIT_MS);
      if (!gone) throw new Error('graphile-worker has left jobs');
    }),
  );
  return addedMs + workedMs;
}

async function workOff(
  script: string,
  args: string[],
  jobs: number,
  recorded: () => Promise<void>,
): Promise<number> {
  const worker = await WorkerProcess.start(script, args);
  try {
    return await timed(async () => {
      await worker.until(() => worker.ended >= jobs, WAIT_MS);
      await recorded();
    });
  } finally {
    await worker.stop();
  }
}

function load<T>(folder: string, name: string): T {
  // CAST: the interfaces above say what is used of it.
  return createRequire(join(folder, 'package.json'))(name) as T;
}

function connectionOf(redisUrl: string): Connection {
  const { hostname, port, username, password } = new URL(redisUrl);
  return {
    host: hostname,
    port: Number(port),
    ...(username === '' ? {} : { username }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
  };
}

function* batches(jobs: number): Generator<number[]> {
  for (let first = 0; first < jobs; first += BATCH) {
    yield Array.from({ length: Math.min(BATCH, jobs - first) }, (_, index) => first + index);
  }
}
