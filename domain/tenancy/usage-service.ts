import type { TenantId } from '../../schema/ids';
import type { UsageRequest } from '../../schema/inputs/plan';
import type { QuotaStatus, Usage } from '../../schema/types/quota';
import { QuotaName } from '../../schema/types/quota';
import type { SystemDatabase } from '../../tenants/system-database';
import type { TenantDatabase } from '../../tenants/tenant-database';
import { METERED_QUOTAS, type QuotaRepository } from './quota-repository';
import type { CountedRequests, RequestCountRepository } from './request-counts';
import type { UsageRepository } from './usage-repository';

/** What a tenant has used, for itself and for the platform's operator. */
export class UsageService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly quotas: QuotaRepository,
    private readonly meters: UsageRepository,
    private readonly system: SystemDatabase,
    private readonly requests: RequestCountRepository,
  ) {}

  /** Every quota with its limit and what is used of it. */
  async quotaStatus(tenantId: TenantId): Promise<QuotaStatus[]> {
    return this.database.transaction(tenantId, async (tx) => {
      const limits = await this.quotas.limits(tx);
      const used = await this.quotas.used(tx, METERED_QUOTAS);
      const dayEnds = await this.quotas.dayEnds(tx);
      return Object.values(QuotaName).map((quota) => ({
        quota,
        limit: limits[quota],
        used: quota === 'apiRequestsPerMinute' ? null : (used[quota] ?? 0),
        resetsAt: quota === 'dispatchesPerDay' ? dayEnds : null,
      }));
    });
  }

  /** By UTC day or month, oldest first, with those in which nothing was used. */
  async usage(tenantId: TenantId, request: UsageRequest): Promise<Usage[]> {
    return this.database.transaction(tenantId, (tx) => this.meters.periods(tx, request));
  }

  /** Adds what an API process counted, of whichever tenants. Sent again, it changes nothing. */
  async addRequests(counted: CountedRequests): Promise<void> {
    await this.system.transaction((tx) => this.requests.add(tx, counted));
  }
}
