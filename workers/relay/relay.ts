import type { Logger } from 'pino';
import type { OutboxClaims, PlacedJob } from '../../domain/outbox/outbox-claims';
import type { TenantId } from '../../schema/ids';
import { killPoint } from '../../schema/kill-point';
import type { SystemDatabase } from '../../tenants/system-database';
import { Loop } from '../loop';
import type { JobQueue } from '../queue/job-queue';
import { groupByQueue } from './group-by-queue';

export interface RelaySettings {
  /** The longest that a due row waits when no wake-up reaches the relay; also its pause when the queue is away. */
  readonly pollMs: number;
  /** Tenants per claim. */
  readonly tenantsPerClaim: number;
  /** The least rows per claim for a tenant of weight 1. Smaller is fairer, larger takes fewer transactions. */
  readonly quantum: number;
  /** Rows per claim that its tenants share, when that gives them more than the quantum. */
  readonly rowsPerClaim: number;
  /** How long a queued row may wait before the sweeper asks the queue after it. */
  readonly queuedLeaseMs: number;
}

/**
 * Moves due rows of the outbox to the queue, fair over tenants. Any number of relays may run.
 *
 * Claiming commits before the queue is called, so a crash in between leaves rows QUEUED that no
 * queue holds: the sweeper returns them.
 */
export class Relay {
  private readonly loop: Loop;

  constructor(
    private readonly database: SystemDatabase,
    private readonly claims: OutboxClaims,
    private readonly queue: JobQueue,
    private readonly settings: RelaySettings,
    log: Logger,
  ) {
    this.loop = new Loop({
      name: 'relay',
      everyMs: settings.pollMs,
      pass: (signal) => this.drain(signal),
      log,
    });
  }

  start(): void {
    this.loop.start();
  }

  /** Looks for due rows at once. */
  wake(): void {
    this.loop.wake();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
  }

  private async drain(signal: AbortSignal): Promise<void> {
    let moved: number;
    do moved = await this.serveTenantsOnce(signal);
    while (moved > 0 && !signal.aborted);
  }

  /** One turn of the round robin. @returns How many rows it moved. */
  private async serveTenantsOnce(signal: AbortSignal): Promise<number> {
    const { tenantsPerClaim: tenants, quantum, rowsPerClaim: rows, queuedLeaseMs: leaseMs } = this.settings;
    let moved = 0;
    let after: TenantId | undefined;
    do {
      const previous = after;
      const { jobs, last } = await this.database.lazyTransaction((tx) =>
        this.claims.claim(tx, previous, { tenants, quantum, rows, leaseMs }),
      );
      if (jobs.length > 0) await this.enqueue(jobs);
      moved += jobs.length;
      after = last;
    } while (after !== undefined && !signal.aborted);
    return moved;
  }

  private async enqueue(jobs: readonly PlacedJob[]): Promise<void> {
    killPoint('relay.before-enqueue');
    try {
      for (const [queueName, tickets] of groupByQueue(jobs)) await this.queue.enqueue(queueName, tickets);
    } catch (error) {
      // Some may be on the queue nevertheless: the runner ignores tickets of rows that are not queued.
      await this.database.transaction((tx) => this.claims.returnToPending(tx, jobs));
      throw error;
    }
    killPoint('relay.after-enqueue');
  }
}
