import { quantity, rpc } from './json-rpc';

/**
 * Mines one chain at a steady pace, and keeps every other act on the head out of the way of a block
 * that is being made.
 */
export class BlockClock {
  private running = false;
  private timer: NodeJS.Timeout | undefined;
  private baseFeeWei: bigint | undefined;
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly rpcUrl: string,
    private readonly blockTimeMs: number,
  ) {}

  start(): void {
    if (this.running) return;
    this.running = true;
    this.schedule(Date.now() + this.blockTimeMs);
  }

  /** No block is made after the promise settles. */
  async pause(): Promise<void> {
    this.running = false;
    clearTimeout(this.timer);
    await this.last;
  }

  /** Holds the base fee of each coming block, or lets it float again if undefined. */
  holdBaseFee(wei: bigint | undefined): void {
    this.baseFeeWei = wei;
  }

  /** Mines blocks now, also while paused. */
  mine(count: number): Promise<void> {
    return this.exclusively(async () => {
      for (let mined = 0; mined < count; mined += 1) await this.mineOne();
    });
  }

  /** Replaces the last `depth` blocks by empty ones; their transactions are gone. */
  reorg(depth: number): Promise<void> {
    return this.exclusively(async () => {
      await rpc(this.rpcUrl, 'anvil_reorg', [depth, []]);
    });
  }

  private exclusively(act: () => Promise<void>): Promise<void> {
    const done = this.last.then(act);
    this.last = done.catch(() => undefined); // the caller has the failure; the clock goes on
    return done;
  }

  private schedule(at: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(
      () => {
        this.mine(1)
          .catch((error: unknown) => console.error(`no block on ${this.rpcUrl}`, error))
          .finally(() => {
            if (this.running) this.schedule(Math.max(at, Date.now() - this.blockTimeMs) + this.blockTimeMs);
          });
      },
      Math.max(0, at - Date.now()),
    );
  }

  private async mineOne(): Promise<void> {
    if (this.baseFeeWei !== undefined) {
      await rpc(this.rpcUrl, 'anvil_setNextBlockBaseFeePerGas', [quantity(this.baseFeeWei)]);
    }
    await rpc(this.rpcUrl, 'evm_mine');
  }
}
