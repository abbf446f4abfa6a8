import type { DueDelivery } from './delivery-repository';

/** Reads the next deliveries after a sequence; none when there are no more. */
export type ReadDue = (afterSequence: number) => Promise<DueDelivery[]>;

/** The most deliveries that are held in memory for one endpoint. */
const MAX_HELD = 1_000;
/** With fewer ready ones than that, more are read while they go out. */
const READ_AHEAD = 64;

/**
 * Hands out the deliveries of one endpoint so that those with the same key go one after the other and those
 * with different keys side by side.
 */
export class DeliveryLanes {
  /** By key: the deliveries behind the one that was handed out, or that is ready. */
  private readonly lanes = new Map<string, DueDelivery[]>();
  private readonly ready: DueDelivery[] = [];
  /** Keys of which nothing more goes out now. */
  private readonly closed = new Set<string>();
  private cursor = 0;
  private exhausted = false;
  private held = 0;
  private outside = 0;
  private reading: Promise<void> | undefined;
  private wakeUps: (() => void)[] = [];

  constructor(private readonly read: ReadDue) {}

  /** The next delivery that may go out; waits while others must end first. Undefined when there are no more. */
  async take(): Promise<DueDelivery | undefined> {
    for (;;) {
      const next = this.ready.shift();
      if (next !== undefined) {
        this.held -= 1;
        this.outside += 1;
        if (this.ready.length < READ_AHEAD) this.readAhead();
        return next;
      }
      if (this.mayRead()) await this.readMore();
      else if (this.outside === 0) return undefined;
      else await new Promise<void>((resolve) => this.wakeUps.push(resolve));
    }
  }

  /** Takes a delivery back that has ended, and lets the next of its key go out. */
  pass({ orderKey }: DueDelivery): void {
    const next = this.lanes.get(orderKey)?.shift();
    if (next === undefined) this.lanes.delete(orderKey);
    else this.ready.push(next);
    this.giveBack();
  }

  /** Takes a delivery back that has to be tried again later: all that follow with its key wait for it. */
  close({ orderKey }: DueDelivery): void {
    this.held -= this.lanes.get(orderKey)?.length ?? 0;
    this.lanes.delete(orderKey);
    this.closed.add(orderKey);
    this.giveBack();
  }

  /** Hands out nothing more. */
  stop(): void {
    this.exhausted = true;
    this.ready.length = 0;
    this.lanes.clear();
    this.held = 0;
  }

  private mayRead(): boolean {
    return !this.exhausted && this.held < MAX_HELD;
  }

  private readAhead(): void {
    // Should it fail, whoever finds nothing ready reads anew, and is told.
    if (this.mayRead()) this.readMore().catch(() => undefined);
  }

  private giveBack(): void {
    this.outside -= 1;
    for (const wake of this.wakeUps.splice(0)) wake();
  }

  private async readMore(): Promise<void> {
    this.reading ??= this.fill().finally(() => {
      this.reading = undefined;
    });
    await this.reading;
  }

  private async fill(): Promise<void> {
    const due = await this.read(this.cursor);
    if (due.length === 0) this.exhausted = true;
    for (const delivery of due) {
      this.cursor = delivery.sequence;
      if (this.closed.has(delivery.orderKey)) continue;
      this.held += 1;
      const lane = this.lanes.get(delivery.orderKey);
      if (lane !== undefined) lane.push(delivery);
      else {
        this.lanes.set(delivery.orderKey, []);
        this.ready.push(delivery);
      }
    }
  }
}
