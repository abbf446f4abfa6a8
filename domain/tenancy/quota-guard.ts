import type { TenantTx } from '../../tenants/tenant-database';
import type { EventPublisher } from '../webhooks/event-publisher';
import { quotaWarning } from '../webhooks/tenant-events';
import { nameOf, QuotaExceededError } from './quota-errors';
import type { MeteredQuota, QuotaRepository } from './quota-repository';

/** At which shares of a quota its tenant is warned, in per cent. */
const WARN_AT = [80, 100] as const;

interface Use {
  readonly quota: MeteredQuota;
  readonly limit: number;
  readonly before: number;
  readonly after: number;
  readonly resetsAt: Date | null;
}

/** Holds a tenant to its plan. */
export class QuotaGuard {
  constructor(
    private readonly quotas: QuotaRepository,
    private readonly publisher: Pick<EventPublisher, 'publish'>,
  ) {}

  /**
   * Runs what uses some quotas, in the caller's transaction, and refuses it if more is used after it than the plan
   * allows: the refusal rolls the transaction back. One tenant's effects that are limited run one after the other, so
   * that of several which want the last unit exactly one gets it. What uses nothing more is not refused, whatever is
   * used already.
   *
   * It takes a lock, which must come before other locks of the transaction. A tenant without such limits pays one
   * look-up.
   *
   * @throws {@link QuotaExceededError}, and whatever `effect` throws.
   */
  async within<T>(tx: TenantTx, quotas: readonly MeteredQuota[], effect: () => Promise<T>): Promise<T> {
    const limits = await this.quotas.limits(tx);
    const limited = quotas.filter((quota) => limits[quota] !== null);
    if (limited.length === 0) return effect();
    await this.quotas.lock(tx);
    const before = await this.quotas.used(tx, limited);
    const result = await effect();
    const after = await this.quotas.used(tx, limited);
    for (const quota of limited) {
      await this.settle(tx, {
        quota,
        limit: limits[quota] ?? 0,
        before: before[quota] ?? 0,
        after: after[quota] ?? 0,
        resetsAt: quota === 'dispatchesPerDay' ? await this.quotas.dayEnds(tx) : null,
      });
    }
    return result;
  }

  private async settle(tx: TenantTx, use: Use): Promise<void> {
    const { quota, limit, before, after, resetsAt } = use;
    if (after <= before) return;
    if (after > limit)
      throw new QuotaExceededError({ quota, limit, used: before, asked: after - before, resetsAt });
    for (const percent of WARN_AT.filter((share) => after * 100 >= limit * share)) {
      if (await this.quotas.noteWarning(tx, quota, periodOf(use), percent)) {
        const facts = { quota: nameOf(quota), percent, limit, used: after, resetsAt };
        await this.publisher.publish(tx, [quotaWarning(tx.tenantId, facts)]);
      }
    }
  }
}

/** Within which a warning is given once: a UTC day, or until a total's limit is another. */
function periodOf({ limit, resetsAt }: Use): string {
  return resetsAt === null ? `up to ${limit}` : `until ${resetsAt.toISOString()}`;
}
