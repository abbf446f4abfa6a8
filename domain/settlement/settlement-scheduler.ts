import { chainOfMoney, type MoneyId } from '../../schema/caip';
import type { RegistryId, TenantId } from '../../schema/ids';
import { LaneChoice } from '../../schema/types/dispatch';
import type { TenantDatabase } from '../../tenants/tenant-database';
import type { RegistryRepository } from '../registry/registry-repository';
import { LessThanSettledError, NothingToSettleError } from './settlement-errors';
import type { SettlementRuleRepository } from './settlement-rule-repository';
import type { SettlementService } from './settlement-service';

export interface SchedulerStores {
  readonly registries: Pick<RegistryRepository, 'activeOn'>;
  readonly settlementRules: SettlementRuleRepository;
}

/** Asks for what the owner's rules have settled by themselves, as a person would: the same rules ask for approval. */
export class SettlementScheduler {
  constructor(
    private readonly database: TenantDatabase,
    private readonly stores: SchedulerStores,
    private readonly settlements: Pick<SettlementService, 'request'>,
  ) {}

  /**
   * Asks for all that is due. Before an asset's time is moved on everything of it was asked for, so after a crash it is
   * asked for again, which answers what is under way.
   *
   * @returns When the next asset is due; undefined if none is settled by itself.
   */
  async run(tenantId: TenantId): Promise<Date | undefined> {
    const due = await this.database.transaction(tenantId, (tx) => this.stores.settlementRules.due(tx));
    for (const asset of due) {
      const chainId = chainOfMoney(asset);
      const registries = await this.database.transaction(tenantId, (tx) =>
        this.stores.registries.activeOn(tx, chainId),
      );
      for (const registryId of registries) await this.request(tenantId, registryId, asset);
      await this.database.transaction(tenantId, (tx) => this.stores.settlementRules.moveOn(tx, asset));
    }
    return this.database.transaction(tenantId, (tx) => this.stores.settlementRules.nextDue(tx));
  }

  private async request(tenantId: TenantId, registryId: RegistryId, asset: MoneyId): Promise<void> {
    try {
      const sourceChainId = chainOfMoney(asset);
      await this.settlements.request(tenantId, {
        registryId,
        sourceChainId,
        asset,
        lane: LaneChoice.CHEAPEST,
      });
    } catch (error) {
      // Nothing, or too little, is owed: there will be more by the next time.
      if (!(error instanceof NothingToSettleError || error instanceof LessThanSettledError)) throw error;
    }
  }
}
