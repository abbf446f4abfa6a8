import type { Address } from 'viem';
import type { ChainTable } from '../../chains/chain-table';
import { VaultReader } from '../../chains/evm/registry/vault-reads';
import type { ChainAccesses } from '../../chains/transactions/chain-access';
import { type AccountId, type ChainId, isNativeMoney, type MoneyId } from '../../schema/caip';
import type { RegistryId, TenantId } from '../../schema/ids';
import type { Registry } from '../../schema/types/registry';
import type { TenantDatabase } from '../../tenants/tenant-database';
import type { ChainLogRepository } from '../chain-state/log-repository';
import type { RegistryEventRepository } from '../provenance/registry-event-repository';
import { contractsOn } from '../registry/registry-contracts';
import type { RegistryRepository } from '../registry/registry-repository';
import type { OwedCredit } from './batches';
import { type KnownPayee, payeeDirectory } from './payee-directory';
import type { SettlementRuleRepository } from './settlement-rule-repository';

export interface CollectorStores {
  readonly registries: RegistryRepository;
  readonly events: RegistryEventRepository;
  readonly logs: ChainLogRepository;
  readonly settlementRules: SettlementRuleRepository;
}

/** Which credits to look for; what is absent does not narrow them. */
export interface CreditQuery {
  readonly payee?: AccountId | null | undefined;
  readonly sourceChainId?: ChainId | null | undefined;
  /** Null or absent: native money, and all assets that have a rule. Anyone may have paid in tokens of no worth. */
  readonly asset?: MoneyId | null | undefined;
}

/** A place where a payee was once credited, and may still be owed something. */
interface Place {
  readonly chainId: ChainId;
  readonly vault: Address;
  readonly finalBlock: number;
  readonly token: Address;
  readonly asset: MoneyId;
  readonly payee: KnownPayee;
}

/** Tells who is owed what: the record says where to look, the vaults how much. */
export class CreditCollector {
  constructor(
    private readonly database: TenantDatabase,
    private readonly stores: CollectorStores,
    private readonly chains: ChainAccesses,
    private readonly chainTable: Pick<ChainTable, 'moneyOf'>,
  ) {}

  /** What is owed by the last final block of each chain: no reorg takes it back. @throws NotFoundError */
  async owed(tenantId: TenantId, registryId: RegistryId, query: CreditQuery): Promise<OwedCredit[]> {
    const places = await this.database.transaction(tenantId, async (tx) => {
      const registry = await this.stores.registries.get(tx, registryId);
      const splits = await this.stores.events.find(tx, registryId, { names: ['SplitStated'] });
      const payees = payeeDirectory(registry.chainIds, splits);
      const cursors = await this.stores.logs.cursors(tx, registry.chainIds);
      const rules = await this.stores.settlementRules.all(tx);
      const ruled = new Set(rules.map(({ asset }) => asset));
      const credited = await this.stores.events.creditedPayees(tx, registryId);
      return credited.flatMap(({ chainId, token, payeeId }): Place[] => {
        const payee = payees.get(payeeId);
        const finalBlock = cursors.get(chainId)?.final.number;
        const vault = vaultOn(registry, chainId);
        const asset = this.chainTable.moneyOf(chainId, token);
        const isWanted =
          (query.payee == null || payee?.account === query.payee) &&
          (query.sourceChainId == null || query.sourceChainId === chainId) &&
          isMeant(query, asset, ruled);
        if (payee === undefined || finalBlock === undefined || vault === null || !isWanted) return [];
        return [{ chainId, vault, finalBlock, token, asset, payee }];
      });
    });
    const credits = await Promise.all(
      places.map(async ({ chainId, vault, finalBlock, token, asset, payee }) => {
        const reader = VaultReader.at(this.chains.get(chainId).public, vault, BigInt(finalBlock));
        const amount = await reader.creditOf(token, payee.payee);
        return { sourceChainId: chainId, asset, payee, amount };
      }),
    );
    return credits.filter(({ amount }) => amount > 0n);
  }
}

function isMeant({ asset: only }: CreditQuery, asset: MoneyId, ruled: ReadonlySet<MoneyId>): boolean {
  return only == null ? ruled.has(asset) || isNativeMoney(asset) : only === asset;
}

/** The vault of a registry on one of its chains; null for registries that were made before there were vaults. */
export function vaultOn(registry: Registry, chainId: ChainId): Address | null {
  return contractsOn(registry, chainId).royaltyVault;
}
