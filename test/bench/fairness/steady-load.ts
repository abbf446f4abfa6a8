import type { TenantId } from '../../../schema/ids';
import type { QueueHarness } from '../../integration/queue/harness';
import { idle, sharedNowMs } from './contest';

/** One tenant's requests at a steady rate, each in a transaction of its own, whether or not earlier ones were served. */
export class SteadyLoad {
  /** Requests that are committed. */
  made = 0;
  private asked = 0;
  private readonly committedMs = new Map<number, number>();
  private readonly open = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private failure: unknown;

  constructor(
    private readonly h: QueueHarness,
    private readonly tenantId: TenantId,
    private readonly perSecond: number,
  ) {}

  start(): void {
    const everyMs = 1_000 / this.perSecond;
    this.timer = setInterval(() => this.ask(), everyMs);
  }

  /** Resolves when all requests are committed. @throws If one could not be. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.open);
    if (this.failure !== undefined) throw this.failure;
  }

  /** From each commit to the start of its job, in milliseconds, in the order of the requests. */
  waitsMs(begunMs: ReadonlyMap<number, number>): number[] {
    return [...this.committedMs]
      .sort(([one], [other]) => one - other)
      .map(([n, committed]) => {
        const begun = begunMs.get(n);
        if (begun === undefined) throw new Error(`request ${n} was never begun`);
        return begun - committed;
      });
  }

  private ask(): void {
    this.asked += 1;
    const request = this.commit(this.asked)
      .catch((error: unknown) => {
        this.failure ??= error;
      })
      .finally(() => this.open.delete(request));
    this.open.add(request);
  }

  private async commit(n: number): Promise<void> {
    const { h, tenantId } = this;
    await h.tenants.transaction(tenantId, (tx) => h.outbox.add(tx, idle, { tenantId, n }));
    this.committedMs.set(n, sharedNowMs());
    this.made += 1;
  }
}
