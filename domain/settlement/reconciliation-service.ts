import type { Address } from 'viem';
import type { ChainTable } from '../../chains/chain-table';
import { VaultReader } from '../../chains/evm/registry/vault-reads';
import type { ChainAccesses } from '../../chains/transactions/chain-access';
import { revertDataOf } from '../../chains/transactions/revert-data';
import type { ChainId } from '../../schema/caip';
import type { RegistryId, TenantId } from '../../schema/ids';
import { AccountKind } from '../../schema/types/ledger';
import type { Reconciliation } from '../../schema/types/settlement';
import type { TenantDatabase } from '../../tenants/tenant-database';
import type { ChainLogRepository } from '../chain-state/log-repository';
import type { Ledger } from '../ledger/ledger';
import type { RegistryEventRepository } from '../provenance/registry-event-repository';
import type { RegistryRepository } from '../registry/registry-repository';
import { vaultOn } from './credit-collector';

export interface ReconciliationStores {
  readonly registries: RegistryRepository;
  readonly events: RegistryEventRepository;
  readonly logs: ChainLogRepository;
}

/** What the record and the books say of a vault's money, all as of one final block. */
interface Told {
  readonly chainId: ChainId;
  readonly vault: Address;
  readonly token: Address;
  readonly finalBlock: number;
  readonly recorded: bigint;
  readonly booked: bigint | undefined;
}

/** Compares what vaults have with what they owe, with what the record has of them, and with the books. */
export class ReconciliationService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly stores: ReconciliationStores,
    private readonly ledger: Ledger,
    private readonly chains: ChainAccesses,
    private readonly chainTable: Pick<ChainTable, 'moneyOf'>,
  ) {}

  /**
   * One line for each vault of a registry and each token that it ever had. Each is asked as of the block up to which the
   * record is final, so that all speak of the same moment; every difference is told.
   *
   * @throws NotFoundError if the tenant has no such registry.
   */
  async reconcile(tenantId: TenantId, registryId: RegistryId): Promise<Reconciliation[]> {
    const told = await this.tell(tenantId, registryId);
    return Promise.all(told.map((line) => this.compare(line)));
  }

  private async tell(tenantId: TenantId, registryId: RegistryId): Promise<Told[]> {
    return this.database.transaction(tenantId, async (tx) => {
      const registry = await this.stores.registries.get(tx, registryId);
      const cursors = await this.stores.logs.cursors(tx, registry.chainIds);
      const told: Told[] = [];
      for (const { chainId, token, balance } of await this.stores.events.vaultBalances(tx, registryId)) {
        const vault = vaultOn(registry, chainId);
        const cursor = cursors.get(chainId);
        if (vault === null || cursor === undefined) continue;
        const account = {
          kind: AccountKind.VAULT,
          owner: registry.projectId,
          asset: this.chainTable.moneyOf(chainId, token),
        };
        const booked = await this.ledger.finalBalance(tx, account);
        told.push({ chainId, vault, token, finalBlock: cursor.final.number, recorded: balance, booked });
      }
      return told;
    });
  }

  private async compare({
    chainId,
    vault,
    token,
    finalBlock,
    recorded,
    booked,
  }: Told): Promise<Reconciliation> {
    const reader = VaultReader.at(this.chains.get(chainId).public, vault, BigInt(finalBlock));
    const onChain = await answerOf(Promise.all([reader.balanceOf(token), reader.pooledOf(token)]));
    const [balance = null, owed = null] = onChain ?? [];
    const differences =
      balance === null || owed === null
        ? ['the token does not answer']
        : [
            differenceOf('the vault has', balance, 'it owes', owed),
            differenceOf('the vault owes', owed, 'the record has', recorded),
            ...(booked === undefined
              ? []
              : [differenceOf('the vault has', balance, 'the books have', booked)]),
          ].flatMap((difference) => difference ?? []);
    return {
      chainId,
      asset: this.chainTable.moneyOf(chainId, token),
      blockNumber: String(finalBlock),
      balance: balance === null ? null : String(balance),
      owed: owed === null ? null : String(owed),
      recorded: String(recorded),
      booked: booked === undefined ? null : String(booked),
      balanced: differences.length === 0,
      differences,
    };
  }
}

/** Anyone may have paid in a token that answers nothing: it must not hide what is to be told of the others. */
async function answerOf<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (revertDataOf(error) === undefined) throw error;
    return undefined;
  }
}

function differenceOf(one: string, first: bigint, other: string, second: bigint): string | undefined {
  return first === second ? undefined : `${one} ${first}, ${other} ${second}: ${first - second}`;
}
