import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { Loop } from '../domain/loop';
import { OutboxClaims } from '../domain/outbox/outbox-claims';
import { OutboxRuns } from '../domain/outbox/outbox-runs';
import { POOL_HEARTBEAT_SECONDS, WorkerPoolRepository } from '../domain/tenancy/worker-pool-repository';
import type { SystemDatabase } from '../tenants/system-database';
import type { Job } from './jobs/define-job';
import { type JobCount, JobCounters } from './jobs/job-counters';
import { JobRunner } from './jobs/job-runner';
import { type JobQueue, queueNameOf } from './queue/job-queue';
import { OutboxListener } from './relay/outbox-listener';
import { Relay } from './relay/relay';
import { RunsHere } from './relay/runs-here';
import { Sweeper } from './relay/sweeper';

export interface WorkerSettings {
  readonly pollMs: number;
  readonly tenantsPerClaim: number;
  readonly quantum: number;
  readonly rowsPerClaim: number;
  readonly queuedLeaseMs: number;
  readonly sweepMs: number;
  readonly retentionMs: number;
  readonly runLeaseMs: number;
  /** How long a stop waits for running jobs before it cuts them short. */
  readonly drainMs: number;
}

export const DEFAULT_WORKER_SETTINGS: WorkerSettings = {
  pollMs: 500,
  tenantsPerClaim: 100,
  quantum: 8,
  rowsPerClaim: 256,
  queuedLeaseMs: 5_000,
  sweepMs: 2_000,
  retentionMs: 24 * 60 * 60 * 1_000,
  runLeaseMs: 15_000,
  drainMs: 10_000,
};

export interface WorkerParts {
  readonly database: SystemDatabase;
  /** The same database, for the listener's own connection. */
  readonly databaseUrl: string;
  /** Closed by {@link WorkerRuntime.stop}. */
  readonly queue: JobQueue;
  readonly jobs: readonly Job[];
  /** The pools that this process serves. */
  readonly pools: readonly string[];
  readonly settings: WorkerSettings;
  readonly log: Logger;
}

/** One worker process's share of the work: a relay, a sweeper and the runners of its pools. */
export class WorkerRuntime {
  private readonly counters = new JobCounters();
  private readonly runner: JobRunner;
  private readonly runsHere: RunsHere;
  private readonly relay: Relay;
  private readonly sweeper: Sweeper;
  private readonly listener: OutboxListener;
  private readonly poolHeartbeat: Loop;
  private readonly workerPools = new WorkerPoolRepository();
  private readonly workerId = randomUUID();

  constructor(private readonly parts: WorkerParts) {
    const { database, databaseUrl, queue, settings, log } = parts;
    const claims = new OutboxClaims();
    const wake = () => this.relay.wake();
    this.runner = new JobRunner(database, new OutboxRuns(), settings, this.counters, log, (inHand) =>
      this.relay.jobEnded(inHand),
    );
    this.runsHere = new RunsHere(this.runner, parts.pools, parts.jobs);
    this.relay = new Relay(database, claims, queue, this.runsHere, settings, log);
    this.sweeper = new Sweeper(database, claims, queue, settings, log, wake);
    this.listener = new OutboxListener(databaseUrl, log, (tenantId) =>
      tenantId === undefined ? wake() : this.relay.serve(tenantId),
    );
    this.poolHeartbeat = new Loop({
      name: 'pool heartbeat',
      everyMs: POOL_HEARTBEAT_SECONDS * 1_000,
      pass: () => database.transaction((tx) => this.workerPools.announce(tx, this.workerId, parts.pools)),
      log,
    });
  }

  start(): void {
    const { pools, jobs, queue } = this.parts;
    for (const pool of pools) {
      for (const job of jobs) {
        queue.process(queueNameOf(pool, job.name), job.concurrency, (ticket) => this.runner.run(job, ticket));
      }
    }
    this.listener.start();
    this.relay.start();
    this.sweeper.start();
    this.poolHeartbeat.start();
  }

  /** Takes no new work, lets running jobs end for `drainMs`, then cuts them short; their rows go back to PENDING. */
  async stop(): Promise<void> {
    const { queue, settings, database, log } = this.parts;
    const drained = setTimeout(() => this.runner.abort(), settings.drainMs);
    this.runsHere.close();
    // What the relay's last pass still queues here, the sweeper of another worker returns; what it takes is run.
    await Promise.all([
      Promise.all([queue.close(), this.relay.stop()]).then(() => this.runner.settled()),
      this.listener.stop(),
      this.sweeper.stop(),
      this.poolHeartbeat.stop(),
    ]);
    clearTimeout(drained);
    await database
      .transaction((tx) => this.workerPools.remove(tx, this.workerId))
      .catch((error: unknown) =>
        log.warn({ err: error }, 'others learn only by time that this worker is gone'),
      );
  }

  /** Runs of this process by job, with the adapter that carried them. */
  stats(): { readonly adapter: JobQueue['adapter']; readonly jobs: Readonly<Record<string, JobCount>> } {
    return { adapter: this.parts.queue.adapter, jobs: this.counters.read() };
  }
}
