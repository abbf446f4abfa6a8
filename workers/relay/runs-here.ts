import type { Room, TakenJob } from '../../domain/outbox/outbox-claims';
import type { Job } from '../jobs/define-job';
import type { JobRunner } from '../jobs/job-runner';
import { queueNameOf } from '../queue/job-queue';
import type { Here } from './relay';

/** What of the places is kept for tenants with little in flight. */
const KEPT_SHARE = 1 / 4;

interface Line {
  readonly pool: string;
  readonly job: Job;
  readonly places: number;
  readonly kept: number;
  used: number;
}

/**
 * Runs jobs in the process that has claimed them, past the queue, while it has room: so a quiet tenant's job waits for
 * two turns of a busy process instead of five, and a flood's costs neither a ticket nor its way over Redis.
 *
 * Of each job it runs one fewer at once than the queue may hand over besides. Nothing waits here: what there is no room
 * for goes on the queue, for any process that has some.
 */
export class RunsHere implements Here {
  private readonly lines: ReadonlyMap<string, Line>;
  private closed = false;

  constructor(
    private readonly runner: Pick<JobRunner, 'runTaken'>,
    pools: readonly string[],
    jobs: readonly Job[],
  ) {
    this.lines = new Map(
      pools.flatMap((pool) =>
        jobs.map((job) => {
          // A job that may run but once at a time has none: the queue hands it over.
          const places = job.concurrency - 1;
          const kept = Math.floor(places * KEPT_SHARE);
          return [queueNameOf(pool, job.name), { pool, job, places, kept, used: 0 }] as const;
        }),
      ),
    );
  }

  get rooms(): readonly Room[] {
    if (this.closed) return [];
    return [...this.lines.values()].flatMap(({ pool, job, places, kept, used }) =>
      used < places ? [{ pool, job: job.name, places: places - used, kept }] : [],
    );
  }

  run(taken: TakenJob): void {
    const line = this.lines.get(queueNameOf(taken.pool, taken.job));
    if (line === undefined) throw new Error(`nobody here runs ${taken.job}`);
    line.used += 1;
    void this.runner.runTaken(line.job, taken).finally(() => {
      line.used -= 1;
    });
  }

  /** Has no room any more. What was taken in reliance on some is run all the same. */
  close(): void {
    this.closed = true;
  }
}
