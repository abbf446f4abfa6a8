import type { Logger } from 'pino';
import { Loop } from '../../domain/loop';
import type { Claim, ClaimLimits, OutboxClaims, Room, TakenJob } from '../../domain/outbox/outbox-claims';
import type { TenantId } from '../../schema/ids';
import { killPoint } from '../../schema/kill-point';
import type { SystemDatabase } from '../../tenants/system-database';
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
  /** How long a row that is taken as it is claimed stays its run's own without a sign of life. */
  readonly runLeaseMs: number;
}

/**
 * The longest that room which a job's end has made is left empty, if there is little of it. A tenant of weight 1 still
 * gets its quantum of rows hundreds of times a second.
 */
const REFILL_MS = 10;

/** What the relay's own process can run past the queue. */
export interface Here {
  /** What could be begun now. */
  readonly rooms: readonly Room[];
  /** Begins a job that was taken in reliance on {@link rooms}. */
  run(taken: TakenJob): void;
}

/** Rows that a turn claims beyond what was begun here, for the queue: other processes may have room at once. */
const FOR_QUEUE = 4;

/** What a turn of the round robin has done with its rows. */
interface Turn {
  readonly begun: number;
  readonly queued: number;
}

/**
 * Moves due rows of the outbox to a runner of this process or to the queue, fair over tenants. Any number of relays may
 * run.
 *
 * Tenants that have just asked for a job are served beside the round robin, a few jobs each: so a quiet tenant waits
 * for no more than the others who ask at that moment, and not for a turn that moves a flood.
 *
 * Claiming commits before the queue is called, so a crash in between leaves rows QUEUED that no
 * queue holds, and RUNNING that nobody runs: the sweeper returns them when their leases lapse.
 */
export class Relay {
  private readonly roundRobin: Loop;
  private readonly counter: Loop;
  private readonly asking = new Set<TenantId>();
  /** Jobs that have ended since the round robin was last woken. */
  private ended = 0;
  private refill: NodeJS.Timeout | undefined;
  /** Rows of the next claim. */
  private rows: number;

  constructor(
    private readonly database: SystemDatabase,
    private readonly claims: OutboxClaims,
    private readonly queue: JobQueue,
    private readonly here: Here,
    private readonly settings: RelaySettings,
    log: Logger,
  ) {
    this.rows = settings.rowsPerClaim;
    const everyMs = settings.pollMs;
    this.roundRobin = new Loop({ name: 'relay', everyMs, pass: (signal) => this.drain(signal), log });
    this.counter = new Loop({ name: 'relay of who asks', everyMs, pass: () => this.serveAsking(), log });
  }

  start(): void {
    this.roundRobin.start();
    this.counter.start();
  }

  /** Looks for due rows at once. */
  wake(): void {
    this.ended = 0;
    clearTimeout(this.refill);
    this.refill = undefined;
    this.roundRobin.wake();
  }

  /**
   * A job has ended, so its tenant has room for another. Room is filled many rows at a time: a claim for each job that
   * ends cost more than the jobs. But a worker that has nothing else to do does not wait.
   *
   * @param inHand - What its process still runs, or is about to.
   */
  jobEnded(inHand: number): void {
    this.ended += 1;
    if (inHand === 0 || this.ended >= this.fullClaim) this.wake();
    else this.refillSoon();
  }

  /** Looks at once for due rows of a tenant that has just asked for a job. */
  serve(tenantId: TenantId): void {
    this.asking.add(tenantId);
    this.counter.wake();
  }

  async stop(): Promise<void> {
    clearTimeout(this.refill);
    await Promise.all([this.roundRobin.stop(), this.counter.stop()]);
  }

  private async drain(signal: AbortSignal): Promise<void> {
    let turn: Turn;
    do {
      turn = await this.serveTenantsOnce(signal);
      this.adapt(turn);
    } while (turn.begun >= this.fullClaim && turn.queued === 0 && !signal.aborted);
    if (turn.begun + turn.queued > 0 && !signal.aborted) this.refillSoon();
  }

  /**
   * Claims as much as was begun here the last time and a little for the queue: what a flood leaves there costs twice as
   * much, and what is not claimed yet the next process with room can take.
   */
  private adapt({ begun, queued }: Turn): void {
    const { rowsPerClaim } = this.settings;
    this.rows = Math.min(rowsPerClaim, queued > 0 ? begun + FOR_QUEUE : 2 * this.rows);
  }

  /** So many rows make a turn or a claim worth its cost at once. */
  private get fullClaim(): number {
    return this.rows / 2;
  }

  private refillSoon(): void {
    this.refill ??= setTimeout(() => this.wake(), REFILL_MS);
  }

  /** One turn of the round robin. */
  private async serveTenantsOnce(signal: AbortSignal): Promise<Turn> {
    let begun = 0;
    let queued = 0;
    let after: TenantId | null = null;
    do {
      const previous: TenantId | null = after;
      const claim: Claim = await this.database.prepared((tx) =>
        this.claims.claim(tx, previous, this.limits, this.here.rooms),
      );
      await this.handOver(claim);
      begun += claim.runs.length;
      queued += claim.jobs.length;
      after = claim.last;
    } while (after !== null && !signal.aborted);
    return { begun, queued };
  }

  /** What it leaves, or fails at, is left to the round robin. */
  private async serveAsking(): Promise<void> {
    const tenantIds = [...this.asking].slice(0, this.settings.tenantsPerClaim);
    if (tenantIds.length === 0) return;
    for (const tenantId of tenantIds) this.asking.delete(tenantId);
    if (this.asking.size > 0) this.counter.wake();
    const claim = await this.database.prepared((tx) =>
      this.claims.claimFor(tx, tenantIds, this.limits, this.here.rooms),
    );
    if (claim.more) this.roundRobin.wake();
    await this.handOver(claim);
  }

  private get limits(): ClaimLimits {
    const { tenantsPerClaim: tenants, quantum, queuedLeaseMs: leaseMs, runLeaseMs } = this.settings;
    return { tenants, quantum, rows: this.rows, leaseMs, runLeaseMs };
  }

  private async handOver({ runs, jobs }: Claim): Promise<void> {
    if (runs.length + jobs.length === 0) return;
    killPoint('relay.before-enqueue');
    for (const run of runs) this.here.run(run);
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
