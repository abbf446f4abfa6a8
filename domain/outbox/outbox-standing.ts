import type { SystemTx } from '../../tenants/system-database';

/** How much a pool has yet to do. */
export interface PoolStanding {
  readonly pool: string;
  /** Jobs that may run and do not yet. */
  readonly due: number;
  /** How long the oldest of them has been waiting. */
  readonly oldestDueSeconds: number;
}

const STANDING = `
  select t.pool, count(*)::int as due,
    greatest(0, extract(epoch from now() - min(o.next_try_at)))::float8 as "oldestDueSeconds"
  from outbox o join tenants t using (tenant_id)
  where t.pool = any($1) and t.suspended_at is null
    and o.state in ('PENDING', 'QUEUED') and o.next_try_at <= now()
  group by t.pool`;

/** The standing of these pools; those that have nothing to do are all zeros. Jobs of suspended tenants are not due. */
export async function poolStandings(tx: SystemTx, pools: readonly string[]): Promise<PoolStanding[]> {
  const rows = await tx.manager.query<PoolStanding[]>(STANDING, [pools]);
  const byPool = new Map(rows.map((row) => [row.pool, row]));
  return pools.map((pool) => byPool.get(pool) ?? { pool, due: 0, oldestDueSeconds: 0 });
}
