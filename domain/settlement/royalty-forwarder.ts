import type { Address } from 'viem';
import { answerOf, balanceAt } from '../../chains/evm/registry/money';
import type { ChainAccesses } from '../../chains/transactions/chain-access';
import { type ChainId, chainOfMoney, evmTokenOf, type MoneyId } from '../../schema/caip';
import type { GuardActionId, RegistryId, TenantId } from '../../schema/ids';
import { type GuardAction, GuardActionKind, GuardActionState } from '../../schema/types/guard-action';
import { type Registry, RegistryState } from '../../schema/types/registry';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import type { ChainLogRepository } from '../chain-state/log-repository';
import type { GuardActionRepository } from '../guard/guard-action-repository';
import type { GuardService } from '../guard/guard-service';
import { guardIntentKey } from '../guard/guard-subject';
import { contractsOn } from '../registry/registry-contracts';
import type { RegistryRepository } from '../registry/registry-repository';
import type { SettlementCosts } from './settlement-costs';
import type { SettlementRuleRepository } from './settlement-rule-repository';

/** How often receivers are looked into, in milliseconds: each look reads two balances of each, and each forward costs gas. */
const LOOK_EVERY_MS = 600_000;

export interface ForwarderStores {
  readonly registries: RegistryRepository;
  readonly settlementRules: SettlementRuleRepository;
  readonly guardActions: GuardActionRepository;
  readonly logs: ChainLogRepository;
}

/** Into which receivers to look; what is absent does not narrow them. */
export interface ReceiverQuery {
  readonly registryId?: RegistryId | undefined;
  readonly sourceChainId?: ChainId | null | undefined;
  readonly asset?: MoneyId | null | undefined;
}

/** Money of one asset that may lie in a receiver. */
interface Place {
  readonly registryId: RegistryId;
  readonly chainId: ChainId;
  readonly receiver: Address;
  readonly asset: MoneyId;
  /** Less than that is left where it is, in base units. */
  readonly least: bigint;
  readonly finalBlock: bigint;
}

/**
 * Has what lies in royalty receivers forwarded to their vaults. Only of assets that a rule of the tenant's names: anyone may
 * send tokens of no worth, and each forward costs gas.
 */
export class RoyaltyForwarder {
  constructor(
    private readonly database: TenantDatabase,
    private readonly stores: ForwarderStores,
    private readonly guard: Pick<GuardService, 'accept'>,
    private readonly chains: ChainAccesses,
    private readonly costs: Pick<SettlementCosts, 'postOf'>,
  ) {}

  /**
   * Asks for what lies in all receivers of a tenant.
   *
   * @returns How long to wait before looking again, in milliseconds; undefined if no rule names anything.
   */
  async look(tenantId: TenantId): Promise<number | undefined> {
    await this.ask(tenantId);
    const rules = await this.database.read(tenantId, (tx) => this.stores.settlementRules.all(tx));
    return rules.length === 0 ? undefined : LOOK_EVERY_MS;
  }

  /**
   * Puts down what a forward that is over cost the tenant's account; what is in the books already changes nothing.
   *
   * @returns Whether its transaction is still under way.
   */
  async postCost(tenantId: TenantId, actionId: GuardActionId): Promise<boolean> {
    const registry = await this.database.transaction(tenantId, async (tx) => {
      const [action] = await this.stores.guardActions.findByIds(tx, [actionId]);
      if (action === undefined) throw new Error(`job of an unknown action ${actionId}`);
      return this.stores.registries.get(tx, action.registryId);
    });
    return this.costs.postOf(tenantId, registry, [guardIntentKey(actionId, 'forward')]);
  }

  /** Whether money of an asset is on its way from a receiver to a vault. */
  async isForwarding(tenantId: TenantId, asset: MoneyId): Promise<boolean> {
    return this.database.transaction(tenantId, (tx) => this.stores.guardActions.isForwarding(tx, asset));
  }

  /**
   * Asks for one forward of each asset and receiver in which enough of it lies by a final block; what is under way is not
   * asked for twice.
   *
   * @param again - Also what was refused, though nothing has come to it since: somebody asks, who may know better.
   */
  async ask(tenantId: TenantId, query: ReceiverQuery = {}, again = false): Promise<GuardAction[]> {
    const places = await this.database.transaction(tenantId, (tx) => this.places(tx, query));
    const heads = await this.heads(places);
    const seen = await Promise.all(
      places.map(async (place) => ({ place, amount: await this.lying(place, heads) })),
    );
    const worthwhile = seen.filter(({ place, amount }) => amount > 0n && amount >= place.least);
    if (worthwhile.length === 0) return [];
    return this.database.transaction(tenantId, async (tx) => {
      const registryIds = new Set(worthwhile.map(({ place }) => place.registryId));
      const last = await this.stores.guardActions.lastForwards(tx, [...registryIds]);
      const actions: GuardAction[] = [];
      for (const { place, amount } of worthwhile) {
        const { registryId, chainId, asset } = place;
        const isRefused = last.some(
          (forward) =>
            forward.registryId === registryId &&
            forward.asset === asset &&
            forward.state === GuardActionState.FAILED &&
            forward.amount === String(amount),
        );
        if (isRefused && !again) continue;
        const action = await this.guard.accept(tx, {
          registryId,
          kind: GuardActionKind.FORWARD_ROYALTIES,
          reason: `${amount} lay in the receiver.`,
          chainId,
          asset,
          amount: String(amount),
          subject: asset,
        });
        actions.push(action);
      }
      return actions;
    });
  }

  /** None on a chain that the registry gives up, that is not followed yet, or where it has no receiver. */
  private async places(tx: TenantTx, query: ReceiverQuery): Promise<Place[]> {
    const rules = (await this.stores.settlementRules.all(tx)).filter(
      ({ asset }) =>
        (query.asset == null || query.asset === asset) &&
        (query.sourceChainId == null || query.sourceChainId === chainOfMoney(asset)),
    );
    const chainIds = [...new Set(rules.map(({ asset }) => chainOfMoney(asset)))];
    const registries = await this.registriesOn(tx, chainIds, query.registryId);
    const cursors = await this.stores.logs.cursors(tx, chainIds);
    const ids = registries.map(({ id }) => id);
    const givenUp = await this.stores.guardActions.chainsGivenUpOf(tx, ids);
    return rules.flatMap(({ asset, minAmount }) => {
      const chainId = chainOfMoney(asset);
      const finalBlock = cursors.get(chainId)?.final.number;
      if (finalBlock === undefined) return [];
      return registries.flatMap((registry): Place[] => {
        if (!registry.chainIds.includes(chainId) || givenUp.get(registry.id)?.has(chainId)) return [];
        const { royaltyReceiver: receiver } = contractsOn(registry, chainId);
        if (receiver === null) return [];
        const least = BigInt(minAmount ?? 0);
        return [{ registryId: registry.id, chainId, receiver, asset, least, finalBlock: BigInt(finalBlock) }];
      });
    });
  }

  private async registriesOn(
    tx: TenantTx,
    chainIds: readonly ChainId[],
    only: RegistryId | undefined,
  ): Promise<Registry[]> {
    const ids = new Set(only === undefined ? [] : [only]);
    if (only === undefined)
      for (const chainId of chainIds)
        for (const id of await this.stores.registries.activeOn(tx, chainId)) ids.add(id);
    const registries = await this.stores.registries.findByIds(tx, [...ids]);
    return registries.filter(({ state }) => state === RegistryState.ACTIVE);
  }

  private async heads(places: readonly Place[]): Promise<ReadonlyMap<ChainId, bigint>> {
    const chainIds = [...new Set(places.map(({ chainId }) => chainId))];
    const headOf = async (chainId: ChainId) =>
      [chainId, await this.chains.get(chainId).public.getBlockNumber({ cacheTime: 0 })] as const;
    return new Map(await Promise.all(chainIds.map(headOf)));
  }

  /** What has come for good and still lies there; nothing of a token that does not answer. */
  private async lying(
    { chainId, receiver, asset, finalBlock }: Place,
    heads: ReadonlyMap<ChainId, bigint>,
  ): Promise<bigint> {
    const client = this.chains.get(chainId).public;
    const token = evmTokenOf(asset);
    const amounts = await answerOf(
      Promise.all([
        balanceAt(client, token, receiver, finalBlock),
        balanceAt(client, token, receiver, heads.get(chainId) ?? finalBlock),
      ]),
    );
    return amounts === undefined ? 0n : amounts.reduce((one, other) => (one < other ? one : other));
  }
}
