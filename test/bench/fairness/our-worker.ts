import 'reflect-metadata';
import pino from 'pino';
import { firstSignal } from '../../../domain/first-signal';
import { openDataSource } from '../../../tenants/data-source';
import { SystemDatabase } from '../../../tenants/system-database';
import { bindJob, defineJob } from '../../../workers/jobs/define-job';
import { BullQueue } from '../../../workers/queue/bull-queue';
import { DEFAULT_WORKER_SETTINGS, WorkerRuntime } from '../../../workers/worker-runtime';
import { CONCURRENCY, idle, sharedNowMs } from './contest';
import { startReports } from './reports';

/** A worker as `workers/workers.ts` runs it, with one job that does nothing. Arguments: system URL, Redis, watched tenant. */
async function main(): Promise<void> {
  const [systemUrl = '', redisUrl = '', watched] = process.argv.slice(2);
  const log = pino({ level: 'warn' });
  const source = await openDataSource({ url: systemUrl, poolSize: 8, applicationName: 'colophon-worker' });
  const stopped = firstSignal();
  const begun: { n: number; atMs: number }[] = [];
  const idleJob = defineJob({
    contract: idle,
    concurrency: CONCURRENCY,
    retry: { limit: 5, firstDelayMs: 1_000, maxDelayMs: 60_000 },
    timeoutMs: 60_000,
    async run({ tenantId, n }) {
      if (tenantId === watched) begun.push({ n, atMs: sharedNowMs() });
    },
  });
  const runtime = new WorkerRuntime({
    database: new SystemDatabase(source),
    databaseUrl: systemUrl,
    queue: new BullQueue(redisUrl, log),
    jobs: [bindJob(idleJob, undefined)],
    pools: ['shared'],
    settings: DEFAULT_WORKER_SETTINGS,
    log,
  });
  runtime.start();
  const reports = startReports(() => ({
    ended: runtime.stats().jobs[idle.name]?.processed ?? 0,
    begun: begun.splice(0),
  }));
  await stopped;
  await runtime.stop();
  await source.destroy();
  reports.stop();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
