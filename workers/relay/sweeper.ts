import type { Logger } from 'pino';
import { Loop } from '../../domain/loop';
import type { ClaimedJob, OutboxClaims } from '../../domain/outbox/outbox-claims';
import type { SystemDatabase } from '../../tenants/system-database';
import type { JobQueue } from '../queue/job-queue';
import { groupByQueue } from './group-by-queue';

export interface SweeperSettings {
  readonly sweepMs: number;
  readonly queuedLeaseMs: number;
  /** How long DONE rows are kept for a look back. DEAD ones stay. */
  readonly retentionMs: number;
}

/** The most rows that one sweep takes of each kind; a full batch sweeps again at once. */
const BATCH = 500;

/**
 * Returns to PENDING whatever has no live job: running rows whose worker has stopped, and queued ones
 * that the queue no longer holds. So an emptied Redis loses nothing. Also prunes old DONE rows.
 */
export class Sweeper {
  private readonly loop: Loop;

  constructor(
    private readonly database: SystemDatabase,
    private readonly claims: OutboxClaims,
    private readonly queue: JobQueue,
    private readonly settings: SweeperSettings,
    private readonly log: Logger,
    /** Called when rows were returned, to have them claimed at once. */
    private readonly onReturned: () => void,
  ) {
    this.loop = new Loop({ name: 'sweeper', everyMs: settings.sweepMs, pass: () => this.sweep(), log });
  }

  start(): void {
    this.loop.start();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
  }

  private async sweep(): Promise<void> {
    const pruned = await this.database.transaction((tx) =>
      this.claims.prune(tx, this.settings.retentionMs, BATCH),
    );
    const recovered = await this.database.transaction((tx) => this.claims.recoverRuns(tx, BATCH));
    if (recovered.length > 0) this.log.warn({ outboxIds: recovered }, 'workers stopped while running jobs');
    const lapsed = await this.database.transaction((tx) => this.claims.findLapsed(tx, BATCH));
    const lost = await this.sweepQueued(lapsed);
    if (lost > 0) this.log.warn({ count: lost }, 'the queue has lost jobs; they are queued anew');
    if (recovered.length + lost > 0) this.onReturned();
    if ([pruned, recovered.length, lapsed.length].includes(BATCH)) this.loop.wake();
  }

  /** @returns How many of the rows the queue has lost. */
  private async sweepQueued(lapsed: readonly ClaimedJob[]): Promise<number> {
    let lostCount = 0;
    for (const [queueName, tickets] of groupByQueue(lapsed)) {
      const held = new Set(await this.queue.held(queueName, tickets));
      const lost = tickets.filter((ticket) => !held.has(ticket));
      await this.database.transaction(async (tx) => {
        await this.claims.keepQueued(tx, [...held], this.settings.queuedLeaseMs);
        await this.claims.returnToPending(tx, lost);
      });
      lostCount += lost.length;
    }
    return lostCount;
  }
}
