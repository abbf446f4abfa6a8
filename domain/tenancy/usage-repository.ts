import type { UsageRequest } from '../../schema/inputs/plan';
import type { Usage } from '../../schema/types/quota';
import type { TenantTx } from '../../tenants/tenant-database';

interface UsageRow {
  readonly from: Date;
  readonly to: Date;
  readonly works: string;
  readonly dispatches: string;
  readonly webhook_deliveries: string;
  readonly storage_bytes: string;
  readonly requests: string;
  readonly refused: string;
}

// Whole days and months in UTC, as timestamps without a zone; `$2` is `day` or `month`.
const PERIODS = `
  select period as starts, period + ('1 ' || $2)::interval as ends
    from generate_series(date_trunc($2, $3::timestamptz at time zone 'utc'),
                         ($4::timestamptz at time zone 'utc') - interval '1 microsecond',
                         ('1 ' || $2)::interval) period`;
const WITHIN = "created_at >= starts at time zone 'utc' and created_at < ends at time zone 'utc'";

/** Counted from the rows; bytes, requests, and deliveries that were removed since, as they were added up. */
const USAGE = `
  with periods as (${PERIODS})
  select starts at time zone 'utc' as "from", ends at time zone 'utc' as "to",
    (select count(*) from works where tenant_id = $1 and state <> 'MINT_FAILED' and ${WITHIN}) as works,
    (select count(*) from dispatches where tenant_id = $1 and origin <> 'HOLDER' and ${WITHIN}) as dispatches,
    (select count(*) from webhook_deliveries where tenant_id = $1 and state = 'DELIVERED' and ${WITHIN})
      + (select coalesce(sum(delivered), 0) from metered_deliveries
          where tenant_id = $1 and day >= starts::date and day < ends::date) as webhook_deliveries,
    (select coalesce(sum(bytes), 0) from metered_storage where tenant_id = $1 and day < ends::date) as storage_bytes,
    coalesce(requests, 0) as requests, coalesce(refused, 0) as refused
  from periods
  left join lateral (
    select sum(requests) as requests, sum(refused) as refused from metered_requests
     where tenant_id = $1 and day >= starts::date and day < ends::date) asked on true
  order by starts`;

/** What a tenant used in stretches of time. */
export class UsageRepository {
  async periods(tx: TenantTx, { from, to, by }: UsageRequest): Promise<Usage[]> {
    const rows: UsageRow[] = await tx.manager.query(USAGE, [tx.tenantId, by, from, to]);
    return rows.map((row) => ({
      from: row.from,
      to: row.to,
      works: Number(row.works),
      dispatches: Number(row.dispatches),
      webhookDeliveries: Number(row.webhook_deliveries),
      storageBytes: Number(row.storage_bytes),
      apiRequests: Number(row.requests),
      apiRequestsRefused: Number(row.refused),
    }));
  }
}
