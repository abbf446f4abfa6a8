interface Waiting<Item> {
  readonly item: Item;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Writes items in batches: those that come while one batch is written make up the next. */
export class GroupCommit<Item> {
  private waiting: Waiting<Item>[] = [];
  private writing = false;

  /** @param write - Writes a batch, whole or not at all. */
  constructor(private readonly write: (items: readonly Item[]) => Promise<void>) {}

  /** Resolves when the item is written. @throws What writing its batch threw. */
  async add(item: Item): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (!this.writing) void this.drain();
    });
  }

  private async drain(): Promise<void> {
    this.writing = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting;
      this.waiting = [];
      try {
        await this.write(batch.map(({ item }) => item));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.writing = false;
  }
}
