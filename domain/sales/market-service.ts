import type { TenantId } from '../../schema/ids';
import type { Market } from '../../schema/types/market';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import { NotFoundError } from '../not-found-error';
import type { ProjectRepository } from '../registry/project-repository';
import type { WorkRepository } from '../registry/work-repository';
import type { MarketOf, MarketRepository } from './market-repository';
import type { SaleRepository } from './sale-repository';

export interface MarketStores {
  readonly projects: Pick<ProjectRepository, 'findByIds'>;
  readonly works: Pick<WorkRepository, 'findByIds'>;
  readonly sales: SaleRepository;
  readonly markets: MarketRepository;
}

/** What works are traded for, and who holds them. */
export class MarketService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly stores: MarketStores,
  ) {}

  /** As of one moment. @throws {@link NotFoundError} if the tenant has no such project or work. */
  async market(tenantId: TenantId, of: MarketOf): Promise<Market> {
    const { markets, sales } = this.stores;
    return this.database.snapshot(tenantId, async (tx) => {
      await this.require(tx, of);
      const last = await markets.lastSale(tx, of);
      const [lastSale = null] = last === undefined ? [] : await sales.findByIds(tx, [last]);
      return {
        lastSale,
        volumes: await markets.volumes(tx, of),
        leftOut: await markets.leftOut(tx, of),
        ...(await markets.holders(tx, of)),
      };
    });
  }

  private async require(tx: TenantTx, of: MarketOf): Promise<void> {
    const { works, projects } = this.stores;
    if ('workId' in of) {
      if ((await works.findByIds(tx, [of.workId])).length === 0) throw new NotFoundError('Work', of.workId);
    } else if ((await projects.findByIds(tx, [of.projectId])).length === 0)
      throw new NotFoundError('Project', of.projectId);
  }
}
