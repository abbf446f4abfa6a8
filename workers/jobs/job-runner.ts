import { SpanKind } from '@opentelemetry/api';
import type { Logger } from 'pino';
import { type CommitLimits, GroupCommit } from '../../domain/group-commit';
import type { JobTicket } from '../../domain/outbox/job-ticket';
import type { JobRun, OutboxRuns } from '../../domain/outbox/outbox-runs';
import { DomainError } from '../../schema/domain-error';
import { killPoint } from '../../schema/kill-point';
import { actingFor } from '../../tenants/acting-tenant';
import type { SystemDatabase } from '../../tenants/system-database';
import { inSpan } from '../../tenants/trace';
import { jobDuration, jobRuns } from '../metrics';
import { UnderWay } from '../under-way';
import type { Job } from './define-job';
import type { JobCounters } from './job-counters';
import { JobTimeoutError, RunAborted, WorkerStoppedRepeatedlyError } from './job-errors';
import { type JobOutcome, outcomeOf } from './job-outcome';
import { RunLimits } from './run-limits';

/** Small enough that a batch keeps no others waiting for long, large enough to be worth a statement. */
const COMMIT_LIMITS: CommitLimits = { items: 16, batches: 2 };

export interface RunnerSettings {
  /** How long a run's row stays its own without a sign of life. Three such signs are given in that time. */
  readonly runLeaseMs: number;
}

/**
 * Runs the job of a ticket: takes the row, runs, and records how it ended.
 *
 * The queue gets its answer when the job has ended, before that is recorded: the row is the run's own until then, so the
 * ticket has served its purpose, and the next one need not wait for a write.
 */
export class JobRunner {
  private readonly active = new Set<RunLimits>();
  /** From the ticket to the record of the end. */
  private readonly inHand = new UnderWay();
  private stopping = false;
  private readonly starts: GroupCommit<JobTicket & { readonly job: string }, JobRun | undefined>;
  private readonly completions: GroupCommit<JobRun, boolean>;

  constructor(
    private readonly database: SystemDatabase,
    private readonly runs: OutboxRuns,
    private readonly settings: RunnerSettings,
    private readonly counters: JobCounters,
    private readonly log: Logger,
    /** Told when one is over, with what is still in hand: there is room for another. */
    private readonly onRoom: (inHand: number) => void,
  ) {
    const { runLeaseMs } = settings;
    this.starts = new GroupCommit(
      (tickets) => database.prepared((tx) => runs.startUnlocked(tx, tickets, runLeaseMs)),
      COMMIT_LIMITS,
    );
    this.completions = new GroupCommit(
      (ended) => database.prepared((tx) => runs.completeUnlocked(tx, ended)),
      COMMIT_LIMITS,
    );
  }

  /**
   * Resolves when the job has ended. Does nothing if the ticket is stale: its row is another runner's, waits anew, or has
   * ended.
   *
   * @throws If the database is away before the job has begun; the row's lease then lapses, and the sweeper returns it.
   */
  async run(job: Job, ticket: JobTicket): Promise<void> {
    this.inHand.begin();
    let run: JobRun | undefined;
    try {
      run = await this.start(job, ticket);
    } finally {
      if (run === undefined) this.letGo();
    }
    if (run !== undefined) await this.runToEnd(job, run);
  }

  /** As {@link run}, for a row that was taken for this process as it was claimed. */
  async runTaken(job: Job, run: JobRun): Promise<void> {
    this.inHand.begin();
    await this.runToEnd(job, run);
  }

  /** Resolves when all runs have ended and that is recorded, as far as the database can be reached. */
  async settled(): Promise<void> {
    await this.inHand.over();
  }

  private async runToEnd(job: Job, run: JobRun): Promise<void> {
    const timer = jobDuration.startTimer({ job: job.name });
    const outcome = await this.execute(job, run);
    timer();
    jobRuns.inc({ job: job.name, outcome: outcome.kind });
    void this.writeDown(job, run, outcome);
  }

  private async writeDown(job: Job, run: JobRun, outcome: JobOutcome): Promise<void> {
    const { tenantId, outboxId, delivery } = run;
    const facts = { job: job.name, tenantId, outboxId, delivery };
    try {
      killPoint('job.before-complete');
      const stillOurs = await this.record(run, outcome);
      killPoint('job.after-complete');
      if (!stillOurs) this.log.warn(facts, 'a run ended after its lease had lapsed');
    } catch (error) {
      // The lease lapses, and the sweeper returns the row: the job runs again.
      this.log.error({ ...facts, err: error }, 'the end of a run could not be recorded');
    } finally {
      this.letGo();
    }
  }

  private letGo(): void {
    this.inHand.end();
    this.onRoom(this.inHand.count);
  }

  /** Most rows are taken many at a time; one that a request is joining is waited for alone. */
  private async start(job: Job, ticket: JobTicket): Promise<JobRun | undefined> {
    const run = await this.starts.add({ ...ticket, job: job.name });
    if (run !== undefined) return run;
    return this.database.lazyTransaction((tx) =>
      this.runs.start(tx, ticket, job.name, this.settings.runLeaseMs),
    );
  }

  /** Cuts all runs short; their rows go back uncounted. */
  abort(): void {
    this.stopping = true;
    for (const limits of this.active) limits.abort(new RunAborted('worker-stopping'));
  }

  private async execute(job: Job, run: JobRun): Promise<JobOutcome> {
    try {
      // More attempts than the limit allows are only begun when the last ones ended with their worker.
      if (run.attempt > job.retry.limit) throw new WorkerStoppedRepeatedlyError(job.retry.limit);
      if (this.stopping) throw new RunAborted('worker-stopping');
      await this.runWithinLimits(job, run);
      this.counters.count(job.name, 'processed');
      return { kind: 'done' };
    } catch (error) {
      const outcome = outcomeOf(error, run.attempt, job.retry, Math.random());
      this.report(job, run, error, outcome);
      return outcome;
    }
  }

  /** Ends when the job does, or when a limit aborts it, whether or not the job heeds the signal. */
  private async runWithinLimits(job: Job, run: JobRun): Promise<void> {
    const limits = new RunLimits();
    this.active.add(limits);
    const timer = setTimeout(() => limits.abort(new JobTimeoutError(job.timeoutMs)), job.timeoutMs);
    const heartbeat = setInterval(() => void this.extendLease(run, limits), this.settings.runLeaseMs / 3);
    try {
      const { tenantId, outboxId, attempt, traceParent, payload } = run;
      const attributes = { 'colophon.tenant_id': tenantId, 'colophon.outbox_id': outboxId, attempt };
      const begin = () =>
        inSpan(`job ${job.name}`, traceParent, { kind: SpanKind.CONSUMER, attributes }, () =>
          job.run(payload, {
            attempt,
            get signal() {
              return limits.signal;
            },
          }),
        );
      await Promise.race([actingFor(tenantId, begin), limits.cut]);
    } finally {
      clearTimeout(timer);
      clearInterval(heartbeat);
      this.active.delete(limits);
    }
  }

  private async extendLease(run: JobRun, limits: RunLimits): Promise<void> {
    try {
      const stillOurs = await this.database.transaction((tx) =>
        this.runs.extend(tx, run, this.settings.runLeaseMs),
      );
      if (!stillOurs) limits.abort(new RunAborted('lease-lost'));
    } catch (error) {
      this.log.warn({ err: error, outboxId: run.outboxId }, 'a lease could not be extended');
    }
  }

  private async record(run: JobRun, outcome: JobOutcome): Promise<boolean> {
    if (outcome.kind === 'done' && (await this.completions.add(run))) return true;
    return this.database.lazyTransaction(async (tx) => {
      switch (outcome.kind) {
        case 'done':
          return this.runs.complete(tx, run);
        case 'again':
          return this.runs.runAgain(tx, run, outcome.delayMs);
        case 'retry':
          return this.runs.retry(tx, run, outcome.delayMs, outcome.lastError);
        case 'dead':
          return this.runs.bury(tx, run, outcome.lastError);
        case 'released':
          return this.runs.release(tx, run);
        case 'lost':
          return false;
      }
    });
  }

  /** Payloads are not logged: rows are found by their ids. */
  private report(job: Job, run: JobRun, error: unknown, outcome: JobOutcome): void {
    const { tenantId, outboxId, attempt } = run;
    const facts = { job: job.name, tenantId, outboxId, attempt };
    switch (outcome.kind) {
      case 'again':
        this.counters.count(job.name, 'processed');
        return;
      case 'released':
      case 'lost':
        this.log.info({ ...facts, outcome: outcome.kind }, 'a run was cut short');
        return;
      case 'dead':
        this.counters.count(job.name, 'failed');
        this.log.error({ ...facts, err: error, alert: true }, 'a job is dead');
        return;
      case 'retry': {
        this.counters.count(job.name, 'failed');
        const level = error instanceof DomainError ? 'warn' : 'error';
        this.log[level]({ ...facts, err: error, delayMs: outcome.delayMs }, 'a run failed');
        return;
      }
    }
  }
}
