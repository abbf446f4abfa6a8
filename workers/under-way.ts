/** Counts what is under way, so that a stop can wait for it. */
export class UnderWay {
  private begun = 0;
  private waiting: (() => void)[] = [];

  /** How many have begun and not ended. */
  get count(): number {
    return this.begun;
  }

  begin(): void {
    this.begun += 1;
  }

  end(): void {
    this.begun -= 1;
    if (this.begun > 0) return;
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  /** Resolves as soon as nothing is under way. */
  async over(): Promise<void> {
    if (this.begun > 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }
}
