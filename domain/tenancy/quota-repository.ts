import { QUOTAS, type Quota, type QuotaLimits } from '../../schema/quotas';
import { lockNamed } from '../../tenants/named-lock';
import type { TenantTx } from '../../tenants/tenant-database';
import { effectiveQuota } from './tenant-standing';

/** The quotas whose use is counted in the database. */
export type MeteredQuota = Exclude<Quota, 'apiRequestsPerMinute'>;
export type Used = Readonly<Record<MeteredQuota, number>>;

/** Where the UTC day of this transaction begins and ends: whatever it writes is of that day. */
const DAY_BEGINS = "(date_trunc('day', now() at time zone 'utc') at time zone 'utc')";
const DAY_ENDS = "((date_trunc('day', now() at time zone 'utc') + interval '1 day') at time zone 'utc')";

/**
 * How much is used. Endpoints, dispatches of a day and failed mints are few, and counted from their rows; works and bytes
 * are added up by triggers on those rows.
 */
const COUNTS: Readonly<Record<MeteredQuota, string>> = {
  works: `(select coalesce(sum(works), 0) from metered_storage where tenant_id = $1)
    - (select count(*) from works where tenant_id = $1 and state = 'MINT_FAILED')`,
  dispatchesPerDay: `(select count(*) from dispatches where tenant_id = $1 and origin <> 'HOLDER'
    and created_at >= ${DAY_BEGINS} and created_at < ${DAY_ENDS})`,
  webhookEndpoints: '(select count(*) from webhook_endpoints where tenant_id = $1)',
  storageBytes: '(select coalesce(sum(bytes), 0) from metered_storage where tenant_id = $1)',
};

export const METERED_QUOTAS: readonly MeteredQuota[] = [
  'works',
  'dispatchesPerDay',
  'webhookEndpoints',
  'storageBytes',
];

const LIMITS = Object.keys(QUOTAS)
  // CAST: the keys of a record by quota.
  .map((quota) => `${effectiveQuota(quota as Quota)} as "${quota}"`)
  .join(', ');

/** A tenant's limits, and what it has used of them. */
export class QuotaRepository {
  /** The tenant's own where it was given some, else its plan's. */
  async limits(tx: TenantTx): Promise<QuotaLimits> {
    const rows: Record<Quota, string | null>[] = await tx.manager.query(
      `select ${LIMITS} from tenants tenant join plans plan_of_tenant on plan_of_tenant.plan = tenant.plan
        where tenant.tenant_id = $1`,
      [tx.tenantId],
    );
    const [row] = rows;
    if (row === undefined) throw new Error(`the tenant ${tx.tenantId} has no row`);
    const limit = (quota: Quota) => (row[quota] === null ? null : Number(row[quota]));
    return {
      works: limit('works'),
      dispatchesPerDay: limit('dispatchesPerDay'),
      apiRequestsPerMinute: limit('apiRequestsPerMinute'),
      webhookEndpoints: limit('webhookEndpoints'),
      storageBytes: limit('storageBytes'),
    };
  }

  /** Until the transaction ends, nobody else of this tenant uses any of its quotas. Take it first. */
  async lock(tx: TenantTx): Promise<void> {
    await lockNamed(tx, 'quotas');
  }

  /** What is used, of the quotas asked for; what this transaction has written is counted. */
  async used(tx: TenantTx, quotas: readonly MeteredQuota[]): Promise<Partial<Used>> {
    const columns = quotas.map((quota) => `${COUNTS[quota]} as "${quota}"`);
    const rows: Partial<Record<MeteredQuota, string>>[] = await tx.manager.query(
      `select ${columns.join(', ')}`,
      [tx.tenantId],
    );
    return Object.fromEntries(quotas.map((quota) => [quota, Number(rows[0]?.[quota] ?? 0)]));
  }

  /** When the day of this transaction ends. */
  async dayEnds(tx: TenantTx): Promise<Date> {
    const rows: { ends: Date }[] = await tx.manager.query(`select ${DAY_ENDS} as ends`);
    const [row] = rows;
    if (row === undefined) throw new Error('a select of an expression returns its row');
    return row.ends;
  }

  /** @returns True if this warning was not given before in its period. */
  async noteWarning(tx: TenantTx, quota: Quota, period: string, percent: number): Promise<boolean> {
    const rows: unknown[] = await tx.manager.query(
      `insert into quota_warnings (tenant_id, quota, period, percent) values ($1, $2, $3, $4)
       on conflict do nothing returning 1`,
      [tx.tenantId, quota, period, percent],
    );
    return rows.length === 1;
  }
}
