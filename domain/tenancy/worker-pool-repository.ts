import type { WorkerPool } from '../../schema/types/managed-tenant';
import type { SystemTx } from '../../tenants/system-database';

/** How often a worker says which pools it serves, in seconds. */
export const POOL_HEARTBEAT_SECONDS = 5;
/** A pool that nobody has named for so long is served by nobody: three heartbeats and a slow database. */
const SERVED_SECONDS = 20;

const IS_LIVE = `seen_at > now() - interval '${SERVED_SECONDS} seconds'`;
/** The SQL condition that a worker serves the pool of a row of `tenants`. */
export const POOL_SERVED = `exists (select from worker_pools w where w.pool = tenants.pool and ${IS_LIVE})`;

/** Which workers serve which pools. */
export class WorkerPoolRepository {
  /** Says that a worker serves these pools now; forgets workers that have said nothing for an hour. */
  async announce(tx: SystemTx, workerId: string, pools: readonly string[]): Promise<void> {
    await tx.manager.query(
      `insert into worker_pools (pool, worker_id, seen_at) select pool, $1, now() from unnest($2::text[]) pool
       on conflict (pool, worker_id) do update set seen_at = now()`,
      [workerId, [...new Set(pools)].sort()],
    );
    await tx.manager.query("delete from worker_pools where seen_at < now() - interval '1 hour'");
  }

  /** Forgets a worker that stops. */
  async remove(tx: SystemTx, workerId: string): Promise<void> {
    await tx.manager.query('delete from worker_pools where worker_id = $1', [workerId]);
  }

  /** Pools that a worker serves or a tenant is assigned to, by name. */
  async all(tx: SystemTx): Promise<WorkerPool[]> {
    return tx.manager.query(
      `select pool, coalesce(workers, 0)::int as workers, coalesce(tenants, 0)::int as tenants
         from (select pool, count(*) as workers from worker_pools where ${IS_LIVE} group by pool) served
         full join (select pool, count(*) as tenants from tenants group by pool) assigned using (pool)
        order by pool`,
    );
  }
}
