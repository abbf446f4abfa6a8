import { chainOfMoney, type MoneyId } from '../../schema/caip';
import type { RegistryId, TenantId } from '../../schema/ids';
import { LaneChoice } from '../../schema/types/dispatch';
import type { TenantDatabase } from '../../tenants/tenant-database';
import type { RegistryRepository } from '../registry/registry-repository';
import type { RoyaltyForwarder } from './royalty-forwarder';
import { LessThanSettledError, NothingToSettleError, SettlementNoRouteError } from './settlement-errors';
import type { SettlementRuleRepository } from './settlement-rule-repository';
import type { SettlementService } from './settlement-service';

/** How soon to look again whether a forward is over, in milliseconds. */
const LOOK_AGAIN_MS = 15_000;
/** For how long what is due waits for forwards; what comes later is settled the next time. */
const FORWARD_PATIENCE_MS = 3_600_000;

/** Nothing, or too little, is owed, or no bridge carries it: there may be more, or a bridge, by the next time. */
const WAITS_FOR_ITS_NEXT_TIME = [NothingToSettleError, LessThanSettledError, SettlementNoRouteError];

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
    private readonly forwarder: Pick<RoyaltyForwarder, 'ask' | 'isForwarding'>,
  ) {}

  /**
   * Asks for all that is due, once what lay in receivers has come to the vaults. Before an asset's time is moved on,
   * everything of it was asked for: after a crash it is asked for again, which answers what is under way.
   *
   * @returns When to look again: when the next asset is due, or soon while one waits; undefined if none is settled by itself.
   */
  async run(tenantId: TenantId): Promise<Date | undefined> {
    const due = await this.database.transaction(tenantId, (tx) => this.stores.settlementRules.due(tx));
    let isWaiting = false;
    for (const { asset, since } of due) {
      if (await this.isToCome(tenantId, asset, since)) {
        isWaiting = true;
        continue;
      }
      const chainId = chainOfMoney(asset);
      const registries = await this.database.transaction(tenantId, (tx) =>
        this.stores.registries.activeOn(tx, chainId),
      );
      for (const registryId of registries) await this.request(tenantId, registryId, asset);
      await this.database.transaction(tenantId, (tx) => this.stores.settlementRules.moveOn(tx, asset));
    }
    if (isWaiting) return new Date(Date.now() + LOOK_AGAIN_MS);
    return this.database.transaction(tenantId, (tx) => this.stores.settlementRules.nextDue(tx));
  }

  /** Has what lies in receivers forwarded first, and waits for it; but not for ever, as sales never end. */
  private async isToCome(tenantId: TenantId, asset: MoneyId, since: Date): Promise<boolean> {
    await this.forwarder.ask(tenantId, { asset });
    if (Date.now() - since.getTime() > FORWARD_PATIENCE_MS) return false;
    return this.forwarder.isForwarding(tenantId, asset);
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
      if (!WAITS_FOR_ITS_NEXT_TIME.some((expected) => error instanceof expected)) throw error;
    }
  }
}
