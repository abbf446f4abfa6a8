interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** Writes items in batches: those that come while one batch is written make up the next. */
export class GroupCommit<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private writing = false;

  /** @param write - Writes a batch, whole or not at all, and answers one result for each item, in their order. */
  constructor(private readonly write: (items: readonly Item[]) => Promise<readonly Result[]>) {}

  /** Resolves with the item's result when it is written. @throws What writing its batch threw. */
  async add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (!this.writing) this.begin();
    });
  }

  /** At the end of this turn of the event loop, or its first item would make a batch alone, and all others wait for that. */
  private begin(): void {
    this.writing = true;
    setImmediate(() => void this.drain());
  }

  private async drain(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting;
      this.waiting = [];
      try {
        const results = await this.write(batch.map(({ item }) => item));
        if (results.length !== batch.length) throw new Error('a batch has a result for each item');
        // CAST: there are as many results as items; Result may itself allow undefined.
        for (const [at, { resolve }] of batch.entries()) resolve(results[at] as Result);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.writing = false;
  }
}
