/**
 * Wakes one subscriber. Rings that come while it is busy count as one, so a slow client costs no
 * memory: it reads the newest state when it is ready.
 */
export class Bell {
  private rung = false;
  private closed = false;
  private wake: ((goOn: boolean) => void) | undefined;

  /** @param onClose - Called once. */
  constructor(private readonly onClose: () => void) {}

  ring(): void {
    this.rung = true;
    this.answer();
  }

  /** Ends the wait, now and for ever. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.onClose();
    this.answer();
  }

  /** True at the next ring, at once if it rang since the last wait; false when closed. One waits at a time. */
  async next(): Promise<boolean> {
    return new Promise((resolve) => {
      this.wake = resolve;
      if (this.rung || this.closed) this.answer();
    });
  }

  private answer(): void {
    const { wake } = this;
    if (wake === undefined) return;
    this.wake = undefined;
    this.rung = false;
    wake(!this.closed);
  }
}
