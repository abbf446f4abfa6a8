import type { Logger } from 'pino';
import { composeDomain, type Domain } from '../domain/compose';
import type { ExportWriter } from '../domain/export/export-writer';
import { Loop } from '../domain/loop';
import { openFoundations } from '../domain/open-foundations';
import { poolStandings } from '../domain/outbox/outbox-standing';
import { composeExports, readExportKey } from './compose-exports';
import type { WorkerConfig } from './config';
import { advanceGuardActionJob, forwardRoyaltiesJob } from './jobs/advance-guard-action';
import { advanceRegistryJob } from './jobs/advance-registry';
import { advanceSettlementJob } from './jobs/advance-settlement';
import { applyWalletChangeJob } from './jobs/apply-wallet-change';
import { clearExportJob } from './jobs/clear-export';
import { closeSalesJob } from './jobs/close-sales';
import { bindJob, type Job } from './jobs/define-job';
import { deliverWebhooksJob } from './jobs/deliver-webhooks';
import { exportTenantJob } from './jobs/export-tenant';
import { lookIntoReceiversJob } from './jobs/look-into-receivers';
import { nudgeDispatchJob } from './jobs/nudge-dispatch';
import { observeSalesJob } from './jobs/observe-sales';
import { projectRegistryJob } from './jobs/project-registry';
import { replicateLicenceJob } from './jobs/replicate-licence';
import { scheduleSettlementsJob } from './jobs/schedule-settlements';
import { submitAdoptionJob } from './jobs/submit-adoption';
import { submitDispatchJob } from './jobs/submit-dispatch';
import { submitMintJob } from './jobs/submit-mint';
import { submitRevisionJob } from './jobs/submit-revision';
import { observeQueues } from './metrics';
import { BullQueue } from './queue/bull-queue';
import { InProcessQueue } from './queue/in-process-queue';
import { DEFAULT_WORKER_SETTINGS, WorkerRuntime } from './worker-runtime';

/** Running workers, with what they have done so far. */
export interface Workers {
  /** Resolves if the database answers. @throws The database's error. */
  checkReady(): Promise<void>;
  stats(): ReturnType<WorkerRuntime['stats']>;
  /** Takes no new work, lets running jobs end, then closes everything. */
  stop(): Promise<void>;
}

/** How often a worker looks for deleted tenants, in milliseconds: nobody waits for their rows to be gone. */
const ERASE_EVERY_MS = 5_000;

/** Composes and starts one worker process: relay, sweeper, the jobs of its pools, and the erasure of deleted tenants. */
export async function startWorkers(config: WorkerConfig, logger: Logger): Promise<Workers> {
  const exportKey = readExportKey(config);
  const foundations = await openFoundations(config, {
    applicationName: 'colophon-worker',
    poolSize: 24,
    logger,
  });
  const domain = composeDomain(foundations);
  const exportWriter = composeExports(config, exportKey, foundations.tenants, domain);
  await exportWriter.removeLeftovers();
  const runtime = new WorkerRuntime({
    database: foundations.system,
    databaseUrl: config.SYSTEM_DATABASE_URL,
    queue:
      config.REDIS_URL === undefined ? new InProcessQueue(logger) : new BullQueue(config.REDIS_URL, logger),
    jobs: bindJobs({ ...domain, exportWriter }),
    pools: config.POOLS,
    settings: DEFAULT_WORKER_SETTINGS,
    log: logger,
  });
  // No job: a job's row belongs to the tenant, and would go with the others.
  const eraser = new Loop({
    name: 'eraser',
    everyMs: ERASE_EVERY_MS,
    async pass(signal) {
      for (const tenantId of await domain.eraser.pass(signal))
        logger.info({ tenantId }, 'a tenant is erased');
    },
    log: logger,
  });
  const unobserve = observeQueues(() =>
    foundations.system.statement((tx) => poolStandings(tx, config.POOLS)),
  );
  runtime.start();
  eraser.start();
  return {
    checkReady: () => foundations.checkReady(),
    stats: () => runtime.stats(),
    async stop() {
      unobserve();
      await Promise.all([eraser.stop(), runtime.stop()]);
      await foundations.close();
    },
  };
}

/** Every job that a worker can run. */
function bindJobs(domain: Domain & { readonly exportWriter: ExportWriter }): Job[] {
  return [
    bindJob(advanceRegistryJob, domain),
    bindJob(submitMintJob, domain),
    bindJob(submitAdoptionJob, domain),
    bindJob(submitRevisionJob, domain),
    bindJob(submitDispatchJob, domain),
    bindJob(nudgeDispatchJob, domain),
    bindJob(advanceGuardActionJob, domain),
    bindJob(replicateLicenceJob, domain),
    bindJob(advanceSettlementJob, domain),
    bindJob(projectRegistryJob, domain),
    bindJob(observeSalesJob, domain),
    bindJob(closeSalesJob, domain),
    bindJob(applyWalletChangeJob, domain),
    bindJob(exportTenantJob, domain),
    bindJob(clearExportJob, domain),
    bindJob(scheduleSettlementsJob, domain),
    bindJob(lookIntoReceiversJob, domain),
    bindJob(forwardRoyaltiesJob, domain),
    bindJob(deliverWebhooksJob, domain),
  ];
}
