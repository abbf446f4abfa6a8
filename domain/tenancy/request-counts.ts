import type { TenantId } from '../../schema/ids';
import type { SystemTx } from '../../tenants/system-database';

/** What a tenant asked of one API process in some seconds of a UTC day. */
export interface RequestCount {
  readonly tenantId: TenantId;
  /** e.g. `2026-11-30` */
  readonly day: string;
  /** Those that were refused included. */
  readonly requests: number;
  /** Beyond the limits on requests. */
  readonly refused: number;
}

/** Counts that are added once, however often they are sent: until they are known to be there, no others follow. */
export interface CountedRequests {
  /** Names who counts: one life of a process. */
  readonly meterId: string;
  /** Greater than that of what was sent before. */
  readonly sequence: number;
  readonly counts: readonly RequestCount[];
}

/** Long after a process has given up sending something again. */
const FORGET_METERS_AFTER = '7 days';

const FORGET = `delete from request_meters where added_at < now() - interval '${FORGET_METERS_AFTER}'`;

/** A tenant that was erased meanwhile is left out. In one order, as several processes add at once. */
const ADD = `
  with fresh as (
    insert into request_meters as meter (meter_id, sequence, added_at) values ($1, $2, now())
    on conflict (meter_id) do update set sequence = excluded.sequence, added_at = excluded.added_at
     where meter.sequence < excluded.sequence
    returning 1
  )
  insert into metered_requests as metered (tenant_id, day, requests, refused)
  select tenant_id, day, requests, refused
    from unnest($3::uuid[], $4::date[], $5::bigint[], $6::bigint[]) counted (tenant_id, day, requests, refused)
    join tenants using (tenant_id)
   where exists (select from fresh)
   order by tenant_id, day
     for key share of tenants
  on conflict (tenant_id, day) do update
    set requests = metered.requests + excluded.requests, refused = metered.refused + excluded.refused`;

/** Adds to what is kept of tenants' requests. */
export class RequestCountRepository {
  async add({ manager }: SystemTx, { meterId, sequence, counts }: CountedRequests): Promise<void> {
    await manager.query(FORGET);
    await manager.query(ADD, [
      meterId,
      sequence,
      counts.map(({ tenantId }) => tenantId),
      counts.map(({ day }) => day),
      counts.map(({ requests }) => requests),
      counts.map(({ refused }) => refused),
    ]);
  }
}
