import type { MoneyId } from '../../schema/caip';
import type { ProjectId, SaleId, WorkId } from '../../schema/ids';
import type { MarketHolder, MarketVolume } from '../../schema/types/market';
import type { TenantTx } from '../../tenants/tenant-database';

/** Whose market. */
export type MarketOf = { readonly projectId: ProjectId } | { readonly workId: WorkId };

const MAX_HOLDERS = 100;
const MAX_ASSETS = 10;
const COUNTS = `state <> 'REVERTED' and not marks && array['WASH_TRADE', 'ZERO_PRICE']`;

/** Sums over sales and works. */
export class MarketRepository {
  async lastSale(tx: TenantTx, of: MarketOf): Promise<SaleId | undefined> {
    const { column, id } = conditionOf(of);
    const rows: { id: SaleId }[] = await tx.manager.query(
      `select id from sales where tenant_id = $1 and ${column} = $2 and ${COUNTS} order by sold_at desc, id desc limit 1`,
      [tx.tenantId, id],
    );
    return rows[0]?.id;
  }

  async volumes(tx: TenantTx, of: MarketOf): Promise<MarketVolume[]> {
    const { column, id } = conditionOf(of);
    const rows: (Omit<MarketVolume, 'asset'> & { asset: MoneyId })[] = await tx.manager.query(
      `select asset, sum(price)::text as amount, count(*)::int as sales,
              (count(*) filter (where state = 'PROVISIONAL'))::int as provisional
         from sales where tenant_id = $1 and ${column} = $2 and ${COUNTS} group by asset order by asset`,
      [tx.tenantId, id],
    );
    return rows;
  }

  async leftOut(tx: TenantTx, of: MarketOf): Promise<number> {
    const { column, id } = conditionOf(of);
    const [row]: { count: number }[] = await tx.manager.query(
      `select count(*)::int as count from sales
        where tenant_id = $1 and ${column} = $2 and state <> 'REVERTED' and not (${COUNTS})`,
      [tx.tenantId, id],
    );
    return row?.count ?? 0;
  }

  /** Who holds live works, with how many there are in all. */
  async holders(tx: TenantTx, of: MarketOf): Promise<{ holders: MarketHolder[]; holderCount: number }> {
    const { column, id } = 'workId' in of ? { column: 'w.id', id: of.workId } : conditionOf(of);
    const rows: (MarketHolder & { total: number })[] = await tx.manager.query(
      `select l.holder as account, count(*)::int as works, (count(*) over ())::int as total,
              (array_agg(l.asset_id order by l.work_id))[1:${MAX_ASSETS}] as "assetIds"
         from works w join legs l on l.tenant_id = w.tenant_id and l.work_id = w.id and l.state = 'LIVE'
        where w.tenant_id = $1 and ${column} = $2 and l.holder is not null
        group by l.holder order by works desc, l.holder limit ${MAX_HOLDERS}`,
      [tx.tenantId, id],
    );
    return {
      holderCount: rows[0]?.total ?? 0,
      holders: rows.map(({ total: _, ...holder }) => holder),
    };
  }
}

function conditionOf(of: MarketOf): { readonly column: string; readonly id: string } {
  return 'workId' in of ? { column: 'work_id', id: of.workId } : { column: 'project_id', id: of.projectId };
}
