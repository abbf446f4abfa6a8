import type { OutboxId } from '../../schema/ids';
import { JOBS_WHILE_SUSPENDED } from '../../schema/jobs';
import type { SystemStatements, SystemTx } from '../../tenants/system-database';
import type { TraceParent } from '../../tenants/trace';
import type { JobTicket } from './job-ticket';

/** A row that this process runs, until its lease lapses. */
export interface JobRun extends JobTicket {
  readonly payload: unknown;
  /** Of the request that asked for it first. */
  readonly traceParent: TraceParent | null;
  /** The number of this run since the last success, from 1. */
  readonly attempt: number;
}

const RUN = `tenant_id as "tenantId", id as "outboxId", payload, attempts as attempt, deliveries as delivery,
  trace_parent as "traceParent"`;

const START = `
  with started as (
    update outbox o
    set state = 'RUNNING', attempts = o.attempts + 1, lease_until = now() + $4 * interval '1 ms'
    where tenant_id = $1 and id = $2 and job = $3 and state = 'QUEUED'
      and (o.job = any($5) or not exists (
        select from tenants t where t.tenant_id = o.tenant_id and t.suspended_at is not null
      ))
    returning tenant_id, id, payload, attempts, deliveries, trace_parent
  )
  select ${RUN} from started`;

const START_UNLOCKED = `select ${RUN} from take_queued_jobs($1, $2, $3, $4, $5)`;
const COMPLETE_UNLOCKED = 'select id from end_running_jobs($1, $2, $3) as id';

/**
 * The runner's side of the outbox. Each change compares and sets on the row's state and delivery,
 * so at most one runner has a row, and one whose lease lapsed changes nothing.
 */
export class OutboxRuns {
  /**
   * Takes a queued row. Any ticket of the row will do, an earlier delivery's too.
   *
   * @returns undefined if the row is not queued: another runner has it, or it has ended. Or if it has to wait, because
   * its tenant was suspended after it was queued: once its lease lapses, the sweeper returns it to PENDING.
   */
  async start(tx: SystemTx, ticket: JobTicket, job: string, leaseMs: number): Promise<JobRun | undefined> {
    const [run] = await tx.manager.query<JobRun[]>(START, [
      ticket.tenantId,
      ticket.outboxId,
      job,
      leaseMs,
      JOBS_WHILE_SUSPENDED,
    ]);
    return run;
  }

  /**
   * As {@link start} for many tickets, but passes over rows that a request is about to join:
   * those are to be started one by one, so that none waits for another's transaction.
   *
   * @returns By ticket; undefined also for what was passed over.
   */
  async startUnlocked(
    tx: SystemStatements,
    tickets: readonly (JobTicket & { readonly job: string })[],
    leaseMs: number,
  ): Promise<(JobRun | undefined)[]> {
    const runs = await tx.manager.query<JobRun[]>(START_UNLOCKED, [
      tickets.map(({ tenantId }) => tenantId),
      tickets.map(({ outboxId }) => outboxId),
      tickets.map(({ job }) => job),
      leaseMs,
      JOBS_WHILE_SUSPENDED,
    ]);
    const byId = new Map(runs.map((run) => [run.outboxId, run]));
    return tickets.map(({ outboxId }) => {
      const run = byId.get(outboxId);
      // Two tickets of one row may be in hand: it is for one of them.
      byId.delete(outboxId);
      return run;
    });
  }

  /**
   * Ends many runs as {@link complete} does, but passes over rows that were requested again or are about to be.
   *
   * @returns By run, whether it is DONE; false also for what was passed over.
   */
  async completeUnlocked(tx: SystemStatements, runs: readonly JobRun[]): Promise<boolean[]> {
    const rows = await tx.manager.query<{ id: OutboxId }[]>(COMPLETE_UNLOCKED, [
      runs.map(({ tenantId }) => tenantId),
      runs.map(({ outboxId }) => outboxId),
      runs.map(({ delivery }) => delivery),
    ]);
    const done = new Set(rows.map(({ id }) => id));
    return runs.map(({ outboxId }) => done.has(outboxId));
  }

  /** Extends the lease. @returns False if the row is no longer this run's. */
  async extend(tx: SystemTx, run: JobRun, leaseMs: number): Promise<boolean> {
    return this.change(tx, run, `lease_until = now() + $4 * interval '1 ms'`, [leaseMs]);
  }

  /** Ends the run well: DONE, or PENDING if it was requested again meanwhile. @returns As {@link extend}. */
  async complete(tx: SystemTx, run: JobRun): Promise<boolean> {
    return this.finish(tx, run, 'DONE', null);
  }

  /** Ends the job for good: DEAD, or PENDING if it was requested again meanwhile. @returns As {@link extend}. */
  async bury(tx: SystemTx, run: JobRun, lastError: string): Promise<boolean> {
    return this.finish(tx, run, 'DEAD', lastError);
  }

  /** Ends the run well, to run again in `delayMs` or when a request made meanwhile says. @returns As {@link extend}. */
  async runAgain(tx: SystemTx, run: JobRun, delayMs: number): Promise<boolean> {
    return this.change(
      tx,
      run,
      `state = 'PENDING', lease_until = null, attempts = 0, last_error = null, run_again = false,
       next_try_at = least(now() + $4 * interval '1 ms', case when run_again then next_try_at end)`,
      [delayMs],
    );
  }

  /** Ends the run badly, to be tried again in `delayMs`. @returns As {@link extend}. */
  async retry(tx: SystemTx, run: JobRun, delayMs: number, lastError: string): Promise<boolean> {
    return this.change(
      tx,
      run,
      `state = 'PENDING', lease_until = null, run_again = false, last_error = $5,
       next_try_at = now() + $4 * interval '1 ms'`,
      [delayMs, lastError],
    );
  }

  /** Gives a run that was cut short by the worker's own stop back at once, uncounted. @returns As {@link extend}. */
  async release(tx: SystemTx, run: JobRun): Promise<boolean> {
    return this.change(
      tx,
      run,
      `state = 'PENDING', lease_until = null, run_again = false, attempts = attempts - 1, next_try_at = now()`,
      [],
    );
  }

  private finish(
    tx: SystemTx,
    run: JobRun,
    state: 'DONE' | 'DEAD',
    lastError: string | null,
  ): Promise<boolean> {
    return this.change(
      tx,
      run,
      `state = case when run_again then 'PENDING' else $4 end,
       finished_at = case when run_again then null else now() end,
       attempts = case when run_again then 0 else attempts end,
       run_again = false, lease_until = null, last_error = $5`,
      [state, lastError],
    );
  }

  private async change(
    tx: SystemTx,
    { tenantId, outboxId, delivery }: JobRun,
    assignments: string,
    parameters: readonly (string | number | null)[],
  ): Promise<boolean> {
    const rows = await tx.manager.query<{ id: OutboxId }[]>(
      `with changed as (
         update outbox set ${assignments}
         where tenant_id = $1 and id = $2 and deliveries = $3 and state = 'RUNNING' returning id
       ) select id from changed`,
      [tenantId, outboxId, delivery, ...parameters],
    );
    return rows.length === 1;
  }
}
