import type { MoneyId } from '../../schema/caip';
import type { SettlementRule } from '../../schema/types/settlement';
import type { TenantTx } from '../../tenants/tenant-database';

interface RuleRow {
  asset: MoneyId;
  approval_above: string | null;
  max_cost_bps: number;
  wait_above_cap: boolean;
  valued_amount: string;
  valued_wei: string;
  min_amount: string | null;
  every_hours: number | null;
}

/** What settlements may cost, and which of them two people approve: one rule per asset at most. */
export class SettlementRuleRepository {
  async set(tx: TenantTx, rule: SettlementRule): Promise<void> {
    await tx.manager.query(
      `insert into settlement_rules as known (tenant_id, asset, approval_above, max_cost_bps, wait_above_cap, valued_amount, valued_wei,
                                     min_amount, every_hours, next_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9::int, now() + $9::int * interval '1 hour')
       on conflict (tenant_id, asset) do update
         set approval_above = excluded.approval_above, max_cost_bps = excluded.max_cost_bps,
             wait_above_cap = excluded.wait_above_cap, valued_amount = excluded.valued_amount,
             valued_wei = excluded.valued_wei, min_amount = excluded.min_amount, every_hours = excluded.every_hours,
             next_at = case when known.every_hours = excluded.every_hours then known.next_at else excluded.next_at end`,
      [
        tx.tenantId,
        rule.asset,
        rule.approvalAbove,
        rule.maxCostBps,
        rule.waitAboveCap,
        rule.valuedAmount,
        rule.valuedWei,
        rule.minAmount,
        rule.everyHours,
      ],
    );
  }

  async find(tx: TenantTx, asset: MoneyId): Promise<SettlementRule | undefined> {
    return (await this.all(tx)).find((rule) => rule.asset === asset);
  }

  async all(tx: TenantTx): Promise<SettlementRule[]> {
    const rows: RuleRow[] = await tx.manager.query(
      `select asset, approval_above::text as approval_above, max_cost_bps, wait_above_cap,
              valued_amount::text as valued_amount, valued_wei::text as valued_wei,
              min_amount::text as min_amount, every_hours
         from settlement_rules where tenant_id = $1 order by asset`,
      [tx.tenantId],
    );
    return rows.map((row) => ({
      asset: row.asset,
      approvalAbove: row.approval_above,
      maxCostBps: row.max_cost_bps,
      waitAboveCap: row.wait_above_cap,
      valuedAmount: row.valued_amount,
      valuedWei: row.valued_wei,
      minAmount: row.min_amount,
      everyHours: row.every_hours,
    }));
  }

  /** The assets that are due to be settled by themselves, and since when. */
  async due(tx: TenantTx): Promise<{ readonly asset: MoneyId; readonly since: Date }[]> {
    return tx.manager.query(
      'select asset, next_at as since from settlement_rules where tenant_id = $1 and next_at <= now() order by asset',
      [tx.tenantId],
    );
  }

  /** Sets when an asset is next, in its own step from when it was due: times that have passed meanwhile are left out. */
  async moveOn(tx: TenantTx, asset: MoneyId): Promise<void> {
    await tx.manager.query(
      `update settlement_rules
          set next_at = next_at + every_hours * interval '1 hour'
                        * (1 + floor(extract(epoch from now() - next_at) / 3600 / every_hours))
        where tenant_id = $1 and asset = $2 and next_at <= now()`,
      [tx.tenantId, asset],
    );
  }

  /** When the next asset is due; undefined if none is settled by itself. */
  async nextDue(tx: TenantTx): Promise<Date | undefined> {
    const [row]: { at: Date | null }[] = await tx.manager.query(
      'select min(next_at) as at from settlement_rules where tenant_id = $1',
      [tx.tenantId],
    );
    return row?.at ?? undefined;
  }
}
