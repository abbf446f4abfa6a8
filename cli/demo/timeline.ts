/** Tells what happens, with the seconds since the journey began. */
export class Timeline {
  private readonly begun = performance.now();

  constructor(private readonly print: (line: string) => void) {}

  /** @param subject - Whom it concerns, e.g. `work 1`. */
  note(subject: string, text: string): void {
    this.print(`${this.seconds().padStart(6)} s  ${subject.padEnd(9)} ${text}`);
  }

  /** Seconds since the beginning, with one decimal. */
  seconds(): string {
    return ((performance.now() - this.begun) / 1000).toFixed(1);
  }
}
