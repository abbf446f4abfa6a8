import type { AssignPlan, SetPlan } from '../../schema/inputs/plan';
import { QUOTAS, type Quota } from '../../schema/quotas';
import type { Plan } from '../../schema/types/quota';
import type { SystemTx } from '../../tenants/system-database';

type PlanRow = Readonly<Record<(typeof QUOTAS)[Quota], string | null>> & {
  readonly plan: string;
  readonly description: string;
  readonly tenants: number;
  readonly created_at: Date;
  readonly updated_at: Date;
};

/** The plans of the platform. */
export class PlanRepository {
  /** By name. */
  async all(tx: SystemTx): Promise<Plan[]> {
    return this.query(tx, 'true', []);
  }

  async find(tx: SystemTx, plan: string): Promise<Plan | undefined> {
    return (await this.query(tx, 'plan = $1', [plan]))[0];
  }

  /** Makes the plan, or changes all of it. */
  async put(tx: SystemTx, { plan, description, quotas }: SetPlan): Promise<void> {
    const columns = Object.values(QUOTAS);
    // CAST: the keys of a record by quota.
    const limits = Object.keys(QUOTAS).map((quota) => quotas[quota as Quota] ?? null);
    await tx.manager.query(
      `insert into plans (plan, description, ${columns.join(', ')}) values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (plan) do update set updated_at = now(), description = excluded.description,
         ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}`,
      [plan, description, ...limits],
    );
  }

  /** @returns False if there is no such tenant. */
  async assign(tx: SystemTx, { tenantId, plan, overrides }: AssignPlan): Promise<boolean> {
    const rows: unknown[] = await tx.manager.query(
      `with assigned as (
         update tenants set plan = $2, quota_overrides = $3 where tenant_id = $1 returning tenant_id
       ) select tenant_id from assigned`,
      // What is undefined is left out of the JSON: that quota is the plan's.
      [tenantId, plan, JSON.stringify(overrides ?? {})],
    );
    return rows.length === 1;
  }

  private async query(tx: SystemTx, condition: string, values: readonly unknown[]): Promise<Plan[]> {
    const rows: PlanRow[] = await tx.manager.query(
      `select plan, description, ${Object.values(QUOTAS).join(', ')}, created_at, updated_at,
              (select count(*)::int from tenants where tenants.plan = plans.plan) as tenants
         from plans where ${condition} order by plan`,
      [...values],
    );
    return rows.map(toPlan);
  }
}

function toPlan(row: PlanRow): Plan {
  const limit = (value: string | null) => (value === null ? null : Number(value));
  return {
    plan: row.plan,
    description: row.description,
    quotas: {
      works: limit(row.works),
      dispatchesPerDay: limit(row.dispatches_per_day),
      apiRequestsPerMinute: limit(row.api_requests_per_minute),
      webhookEndpoints: limit(row.webhook_endpoints),
      storageBytes: limit(row.storage_bytes),
    },
    tenants: row.tenants,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
