/** The most blocks of one range; also bounds the headers that are held in memory. */
const MAX_BLOCKS = 2_000;
/** A range with more logs than this is not made longer; with twice as many the next is halved. */
const WANTED_LOGS = 6_000;

/** How many blocks the next range spans: halved when a node refuses or is slow, grown when all goes well. */
export class RangeSize {
  private current: number;

  constructor(first = 32) {
    this.current = first;
  }

  get blocks(): number {
    return this.current;
  }

  /** A range with `logs` logs has been read. */
  succeeded(logs: number): void {
    if (logs > 2 * WANTED_LOGS) this.failed();
    else if (logs < WANTED_LOGS / 2) this.current = Math.min(MAX_BLOCKS, this.current * 2);
  }

  /** A range could not be read. */
  failed(): void {
    this.current = Math.max(1, Math.floor(this.current / 2));
  }
}
