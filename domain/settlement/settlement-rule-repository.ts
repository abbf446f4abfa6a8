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
}

/** What settlements may cost, and which of them two people approve: one rule per asset at most. */
export class SettlementRuleRepository {
  async set(tx: TenantTx, rule: SettlementRule): Promise<void> {
    await tx.manager.query(
      `insert into settlement_rules (tenant_id, asset, approval_above, max_cost_bps, wait_above_cap, valued_amount, valued_wei)
       values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (tenant_id, asset) do update
         set approval_above = excluded.approval_above, max_cost_bps = excluded.max_cost_bps,
             wait_above_cap = excluded.wait_above_cap, valued_amount = excluded.valued_amount,
             valued_wei = excluded.valued_wei`,
      [
        tx.tenantId,
        rule.asset,
        rule.approvalAbove,
        rule.maxCostBps,
        rule.waitAboveCap,
        rule.valuedAmount,
        rule.valuedWei,
      ],
    );
  }

  async find(tx: TenantTx, asset: MoneyId): Promise<SettlementRule | undefined> {
    return (await this.all(tx)).find((rule) => rule.asset === asset);
  }

  async all(tx: TenantTx): Promise<SettlementRule[]> {
    const rows: RuleRow[] = await tx.manager.query(
      `select asset, approval_above::text as approval_above, max_cost_bps, wait_above_cap,
              valued_amount::text as valued_amount, valued_wei::text as valued_wei
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
    }));
  }
}
