import { randomUUID } from 'node:crypto';
import type { CountedRequests, RequestCount } from '../domain/tenancy/request-counts';
import type { TenantId } from '../schema/ids';

type Counts = { requests: number; refused: number };

/**
 * Counts what tenants ask of this process, in memory: nothing that a request waits for. What was counted is sent by
 * {@link flush}; a process that is killed loses what it counted since.
 */
export class RequestMeter {
  private readonly meterId = randomUUID();
  private sequence = 0;
  /** By tenant and UTC day. */
  private counting = new Map<string, RequestCount & Counts>();
  /** What was sent and may or may not have arrived. It goes again as it is, so that it is counted once. */
  private unconfirmed: CountedRequests | undefined;

  constructor(
    private readonly add: (counted: CountedRequests) => Promise<void>,
    private readonly now: () => Date = () => new Date(),
  ) {}

  count(tenantId: TenantId, isRefused: boolean): void {
    const day = this.now().toISOString().slice(0, 10);
    const key = `${tenantId} ${day}`;
    let counts = this.counting.get(key);
    if (counts === undefined) {
      counts = { tenantId, day, requests: 0, refused: 0 };
      this.counting.set(key, counts);
    }
    counts.requests += 1;
    if (isRefused) counts.refused += 1;
  }

  /** Sends what was counted. Called again, also after a failure, it sends what is not there yet. One call at a time. */
  async flush(): Promise<void> {
    await this.confirm();
    if (this.counting.size === 0) return;
    this.sequence += 1;
    const counts = [...this.counting.values()];
    this.counting = new Map();
    this.unconfirmed = { meterId: this.meterId, sequence: this.sequence, counts };
    await this.confirm();
  }

  private async confirm(): Promise<void> {
    if (this.unconfirmed === undefined) return;
    await this.add(this.unconfirmed);
    this.unconfirmed = undefined;
  }
}
