import { type Address, isAddressEqual } from 'viem';
import type { ChainTable } from '../../chains/chain-table';
import { answerOf, balanceAt } from '../../chains/evm/registry/money';
import { VaultReader } from '../../chains/evm/registry/vault-reads';
import type { ChainAccesses } from '../../chains/transactions/chain-access';
import { type ChainId, evmTokenOf } from '../../schema/caip';
import type { RegistryId, TenantId } from '../../schema/ids';
import { AccountKind } from '../../schema/types/ledger';
import type { Reconciliation } from '../../schema/types/settlement';
import type { TenantDatabase } from '../../tenants/tenant-database';
import type { ChainLogRepository } from '../chain-state/log-repository';
import type { Ledger } from '../ledger/ledger';
import { reconciledAssets } from '../metrics';
import type { RegistryEventRepository } from '../provenance/registry-event-repository';
import { contractsOn } from '../registry/registry-contracts';
import type { RegistryRepository } from '../registry/registry-repository';

export interface ReconciliationStores {
  readonly registries: RegistryRepository;
  readonly events: RegistryEventRepository;
  readonly logs: ChainLogRepository;
}

/** What the record and the books say of the money in a vault and its receiver, all as of one final block. */
interface Told {
  readonly chainId: ChainId;
  readonly vault: Address;
  readonly receiver: Address | null;
  readonly token: Address;
  readonly finalBlock: bigint;
  readonly recorded: bigint;
  readonly booked: bigint | undefined;
  readonly receiverBooked: bigint;
}

/** What chains say of it. */
interface Asked {
  readonly balance: bigint;
  readonly owed: bigint;
  /** Undefined if there is no receiver. */
  readonly inReceiver: bigint | undefined;
}

/** Compares what vaults and receivers have with what vaults owe, with what the record has of them, and with the books. */
export class ReconciliationService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly stores: ReconciliationStores,
    private readonly ledger: Ledger,
    private readonly chains: ChainAccesses,
    private readonly chainTable: Pick<ChainTable, 'moneyOf'>,
  ) {}

  /**
   * One line for each vault of a registry and each token that it, or its receiver by the books, ever had. Each is asked as
   * of the block up to which the record is final, so that all speak of the same moment; every difference is told.
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
      const { projectId: owner } = registry;
      const cursors = await this.stores.logs.cursors(tx, registry.chainIds);
      const recorded = await this.stores.events.vaultBalances(tx, registryId);
      const received = await this.ledger.balances(tx, { kind: AccountKind.RECEIVER, owner });
      const untouched = received
        .map(({ chainId, asset }) => ({ chainId, token: evmTokenOf(asset), balance: 0n }))
        .filter((one) => !recorded.some(({ chainId, token }) => isSame(one, { chainId, token })));
      const told: Told[] = [];
      for (const { chainId, token, balance } of [...recorded, ...untouched]) {
        const { royaltyVault: vault, royaltyReceiver: receiver } = contractsOn(registry, chainId);
        const cursor = cursors.get(chainId);
        if (vault === null || cursor === undefined) continue;
        const asset = this.chainTable.moneyOf(chainId, token);
        const bookedIn = (kind: AccountKind) => this.ledger.finalBalance(tx, { kind, owner, asset });
        told.push({
          chainId,
          vault,
          receiver,
          token,
          finalBlock: BigInt(cursor.final.number),
          recorded: balance,
          booked: await bookedIn(AccountKind.VAULT),
          receiverBooked: (await bookedIn(AccountKind.RECEIVER)) ?? 0n,
        });
      }
      return told;
    });
  }

  private async compare(line: Told): Promise<Reconciliation> {
    const { chainId, token, finalBlock, recorded, booked, receiver, receiverBooked } = line;
    const asked = await answerOf(this.ask(line));
    const differences = asked === undefined ? ['the token does not answer'] : differencesOf(line, asked);
    reconciledAssets.inc({
      outcome: asked === undefined ? 'unanswered' : differences.length > 0 ? 'different' : 'balanced',
    });
    return {
      chainId,
      asset: this.chainTable.moneyOf(chainId, token),
      blockNumber: String(finalBlock),
      balance: shown(asked?.balance),
      owed: shown(asked?.owed),
      recorded: String(recorded),
      booked: shown(booked),
      inReceiver: shown(asked?.inReceiver),
      receiverBooked: receiver === null ? null : String(receiverBooked),
      balanced: differences.length === 0,
      differences,
    };
  }

  private async ask({ chainId, vault, receiver, token, finalBlock }: Told): Promise<Asked> {
    const client = this.chains.get(chainId).public;
    const reader = VaultReader.at(client, vault, finalBlock);
    const [balance, owed, inReceiver] = await Promise.all([
      reader.balanceOf(token),
      reader.pooledOf(token),
      receiver === null ? undefined : balanceAt(client, token, receiver, finalBlock),
    ]);
    return { balance, owed, inReceiver };
  }
}

function differencesOf(
  { recorded, booked, receiverBooked }: Told,
  { balance, owed, inReceiver }: Asked,
): string[] {
  return [
    differenceOf('the vault has', balance, 'it owes', owed),
    differenceOf('the vault owes', owed, 'the record has', recorded),
    booked === undefined ? undefined : differenceOf('the vault has', balance, 'the books have', booked),
    inReceiver === undefined
      ? undefined
      : differenceOf('the receiver has', inReceiver, 'the books have', receiverBooked),
  ].flatMap((difference) => difference ?? []);
}

/** A token on a chain. */
type TokenPlace = Pick<Told, 'chainId' | 'token'>;

function isSame(one: TokenPlace, other: TokenPlace): boolean {
  return one.chainId === other.chainId && isAddressEqual(one.token, other.token);
}

function shown(amount: bigint | undefined): string | null {
  return amount === undefined ? null : String(amount);
}

function differenceOf(one: string, first: bigint, other: string, second: bigint): string | undefined {
  return first === second ? undefined : `${one} ${first}, ${other} ${second}: ${first - second}`;
}
