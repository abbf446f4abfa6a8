interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** How much is written at once. */
export interface CommitLimits {
  /** Items of a batch. */
  readonly items: number;
  /** Batches that are being written at the same time. */
  readonly batches: number;
}

/** Writes items in batches: those that come while as many are being written as may be make up the next. */
export class GroupCommit<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private writing = 0;
  private beginning = false;

  /** @param write - Writes a batch, whole or not at all, and answers one result for each item, in their order. */
  constructor(
    private readonly write: (items: readonly Item[]) => Promise<readonly Result[]>,
    private readonly limits: CommitLimits = { items: Number.POSITIVE_INFINITY, batches: 1 },
  ) {}

  /** Resolves with the item's result when it is written. @throws What writing its batch threw. */
  async add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      this.beginSoon();
    });
  }

  /** At the end of this turn of the event loop, or its first item would make a batch alone, and all others wait for that. */
  private beginSoon(): void {
    if (this.beginning || this.writing >= this.limits.batches) return;
    this.beginning = true;
    setImmediate(() => {
      this.beginning = false;
      this.begin();
    });
  }

  private begin(): void {
    while (this.waiting.length > 0 && this.writing < this.limits.batches) {
      const batch = this.waiting.slice(0, this.limits.items);
      this.waiting = this.waiting.slice(this.limits.items);
      void this.writeBatch(batch);
    }
  }

  private async writeBatch(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    this.writing += 1;
    try {
      const results = await this.write(batch.map(({ item }) => item));
      if (results.length !== batch.length) throw new Error('a batch has a result for each item');
      // CAST: there are as many results as items; Result may itself allow undefined.
      for (const [at, { resolve }] of batch.entries()) resolve(results[at] as Result);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      this.writing -= 1;
      this.begin();
    }
  }
}
