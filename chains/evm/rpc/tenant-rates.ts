import { setTimeout as delay } from 'node:timers/promises';
import type { TenantId } from '../../../schema/ids';
import { actingTenant } from '../../../tenants/acting-tenant';
import { RpcRateLimitedError } from './rpc-errors';

/** What a tenant may spend at once after a pause: the calls of one second. */
const BURST_MS = 1_000;
/** A call that would wait longer is refused: whoever made it tries again later, and does not pile up here. */
const MAX_WAIT_MS = 5_000;
/** With more tenants than that in memory, those whose allowance is whole again are forgotten. */
const MAX_REMEMBERED = 1_000;

/**
 * What each tenant may take of one endpoint: a token bucket of its own, and a line of its own before it. One
 * who floods the endpoint waits for itself; what is done for all tenants is never held up.
 */
export class TenantRates {
  /** When each tenant's bucket is full again, on the monotonic clock in milliseconds. */
  private readonly fullAt = new Map<TenantId, number>();

  /** @param perSecond - Calls per second of one tenant, from this process to this endpoint. */
  constructor(private readonly perSecond: number) {}

  /**
   * Resolves when the tenant on whose behalf this runs may make so many calls, in the order of asking.
   *
   * @throws RpcRateLimitedError if that would take longer than five seconds.
   */
  async take(calls: number): Promise<void> {
    const tenantId = actingTenant();
    if (tenantId === undefined) return;
    const now = performance.now();
    const fullAt = Math.max(this.fullAt.get(tenantId) ?? 0, now) + (calls * 1_000) / this.perSecond;
    const waitMs = fullAt - now - BURST_MS;
    if (waitMs > MAX_WAIT_MS) throw new RpcRateLimitedError(waitMs);
    if (this.fullAt.size >= MAX_REMEMBERED) this.forgetIdle(now);
    this.fullAt.set(tenantId, fullAt);
    if (waitMs > 0) await delay(waitMs);
  }

  private forgetIdle(now: number): void {
    for (const [tenantId, fullAt] of this.fullAt) if (fullAt <= now) this.fullAt.delete(tenantId);
  }
}
