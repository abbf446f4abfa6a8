import { randomUUID } from 'node:crypto';
import type { CountedRequests } from '../domain/tenancy/request-counts';
import type { TenantId } from '../schema/ids';

const DAY_MS = 86_400_000;

/** Of one tenant in one UTC day, by days since 1970. */
interface Counts {
  readonly tenantId: TenantId;
  readonly day: number;
  requests: number;
  refused: number;
}

/**
 * Counts what tenants ask of this process, in memory: nothing that a request waits for. What was counted is sent by
 * {@link flush}; a process that is killed loses what it counted since.
 */
export class RequestMeter {
  private readonly meterId = randomUUID();
  private sequence = 0;
  /** By tenant; those of the day before are put aside when the tenant comes back. */
  private counting = new Map<TenantId, Counts>();
  private past: Counts[] = [];
  /** What was sent and may or may not have arrived. It goes again as it is, so that it is counted once. */
  private unconfirmed: CountedRequests | undefined;

  constructor(
    private readonly add: (counted: CountedRequests) => Promise<void>,
    private readonly now: () => number = Date.now,
  ) {}

  count(tenantId: TenantId, isRefused: boolean): void {
    const day = Math.floor(this.now() / DAY_MS);
    let counts = this.counting.get(tenantId);
    if (counts?.day !== day) {
      if (counts !== undefined) this.past.push(counts);
      counts = { tenantId, day, requests: 0, refused: 0 };
      this.counting.set(tenantId, counts);
    }
    counts.requests += 1;
    if (isRefused) counts.refused += 1;
  }

  /** Sends what was counted. Called again, also after a failure, it sends what is not there yet. One call at a time. */
  async flush(): Promise<void> {
    await this.confirm();
    if (this.counting.size === 0) return;
    this.sequence += 1;
    const counts = [...this.past, ...this.counting.values()].map(({ day, ...counted }) => ({
      ...counted,
      day: new Date(day * DAY_MS).toISOString().slice(0, 10),
    }));
    this.past = [];
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
