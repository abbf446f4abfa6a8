import type { DataSource } from 'typeorm';
import {
  type Address,
  createTestClient,
  type Hex,
  http,
  type PublicClient,
  publicActions,
  type TestClient,
} from 'viem';
import { ChainTable } from '../../../chains/chain-table';
import { EvmClients } from '../../../chains/evm/rpc/evm-clients';
import { AwsKms } from '../../../chains/signers/aws-kms';
import type { KmsKeys } from '../../../chains/signers/kms-keys';
import type { Signers } from '../../../chains/signers/signers';
import { TenantSigners } from '../../../chains/signers/tenant-signers';
import type { TenantChains } from '../../../chains/transactions/chain-access';
import type { TransactionSettings } from '../../../chains/transactions/settings';
import type { ChainTransaction, TransactionIntent } from '../../../chains/transactions/transaction';
import { TransactionManager } from '../../../chains/transactions/transaction-manager';
import { TransactionRepository } from '../../../domain/chain-state/transaction-repository';
import type { TransactionSink } from '../../../domain/chain-state/transaction-sink';
import { PostgresTransactionStore } from '../../../domain/chain-state/transaction-store';
import { OwnChains } from '../../../domain/rpc/own-chains';
import { RpcEndpointRepository } from '../../../domain/rpc/rpc-endpoint-repository';
import { RpcEndpointService } from '../../../domain/rpc/rpc-endpoint-service';
import { BroughtKeyStore } from '../../../domain/signing/brought-key-store';
import { FeeLimitService } from '../../../domain/signing/fee-limit-service';
import { SigningKeyRepository } from '../../../domain/signing/signing-key-repository';
import { SigningKeyService } from '../../../domain/signing/signing-key-service';
import { TenancyService } from '../../../domain/tenancy/tenancy-service';
import { ReceiverPolicy } from '../../../domain/webhooks/receiver-policy';
import { evmAccountId, evmChainId } from '../../../schema/caip';
import type { TenantId } from '../../../schema/ids';
import { openDataSource } from '../../../tenants/data-source';
import { SecretBox } from '../../../tenants/secrets/secret-box';
import { SecretVault } from '../../../tenants/secrets/secret-vault';
import { SystemDatabase } from '../../../tenants/system-database';
import { TenantDatabase } from '../../../tenants/tenant-database';
import { chainEntry } from '../../support/chain-entry';
import { createTestDatabase, type TestDatabase } from '../../support/test-database';
import { type BareAnvil, reorgAnvil, startBareAnvil } from './bare-anvil';

export const CHAIN_ID = evmChainId(31337);
/** Blocks are final this far below the head. */
export const FINALITY_DEPTH = 3;
const BLOCK_TIME_MS = 1_000;
const BUMP_AFTER_BLOCKS = 3;
export const BUMP_AFTER_MS = BLOCK_TIME_MS * BUMP_AFTER_BLOCKS;
export const ETHER = 10n ** 18n;
const GWEI = 10n ** 9n;
/** Receives one wei per effect of the intents that {@link TransactionHarness.payment} makes. */
const TILL: Address = '0x00000000000000000000000000000000000711aa';

/** Code that reverts with `0xdeadbeef`. */
export const REFUSING_CODE: Hex = '0x63deadbeef6000526004601cfd';
/** Code that works once and afterwards reverts with `0xdeadbeef`. */
export const ONCE_CODE: Hex = '0x600054600c576001600055005b63deadbeef6000526004601cfd';

/** Remembers what it was told, and can be made to fail. */
class RecordingSink implements TransactionSink {
  readonly seen: ChainTransaction[] = [];
  failFor: TenantId | undefined;

  async changed(_tx: unknown, transaction: ChainTransaction): Promise<void> {
    if (this.failFor === transaction.tenantId) throw new Error('the sink fails');
    this.seen.push(transaction);
  }

  statesOf(intentKey: string): string[] {
    return this.seen.filter((transaction) => transaction.intentKey === intentKey).map(({ state }) => state);
  }
}

/** A bare anvil that mines only when told, the transaction tables, and a manager with a clock of its own. */
export class TransactionHarness {
  readonly sink = new RecordingSink();
  readonly problems: unknown[] = [];
  readonly clock = { nowMs: Date.now() };

  private constructor(
    readonly database: TestDatabase,
    readonly chain: TestClient & PublicClient,
    readonly clients: EvmClients,
    private readonly table: ChainTable,
    private readonly dataSources: { app: DataSource; system: DataSource },
    private readonly anvil: BareAnvil,
  ) {}

  static async start(): Promise<TransactionHarness> {
    const anvil = await startBareAnvil(31337);
    const { url } = anvil;
    const chain = createTestClient({ mode: 'anvil', transport: http(url), cacheTime: 0 }).extend(
      publicActions,
    );

    const table = ChainTable.parse([anvilEntry(url)]);
    const database = await createTestDatabase();
    const [app, system] = await Promise.all([open(database.appUrl), open(database.systemUrl)]);
    const clients = new EvmClients(table);
    // CAST: a test client extended by the public actions is both.
    const both = chain as unknown as TestClient & PublicClient;
    return new TransactionHarness(database, both, clients, table, { app, system }, anvil);
  }

  /** Of the chain's node. */
  get url(): string {
    return this.anvil.url;
  }

  async stop(): Promise<void> {
    this.clients.close();
    await Promise.all([this.dataSources.app.destroy(), this.dataSources.system.destroy()]);
    await this.database.drop();
    await this.anvil.stop();
  }

  /** A manager as a freshly started process has it. */
  manager(
    settings: Partial<TransactionSettings> = {},
    signers: Signers = this.signers(),
    chains: TenantChains = this.rpc().chains,
  ): TransactionManager {
    const tenants = new TenantDatabase(this.dataSources.app);
    const store = new PostgresTransactionStore(
      tenants,
      new SystemDatabase(this.dataSources.system),
      new TransactionRepository(),
      this.sink,
    );
    return new TransactionManager(store, signers, chains, this.table, {
      maxFeePerGasCapWei: 1_000n * GWEI,
      bumpAfterBlocks: BUMP_AFTER_BLOCKS,
      now: () => new Date(this.clock.nowMs),
      report: (problem) => this.problems.push(problem),
      ...settings,
    });
  }

  /** Signers as a freshly started process has them. */
  signers(kms: KmsKeys = new AwsKms()): TenantSigners {
    const tenants = new TenantDatabase(this.dataSources.app);
    return new TenantSigners(this.vault(), new BroughtKeyStore(tenants, new SigningKeyRepository()), kms);
  }

  /** The service by which tenants bring keys. */
  signingKeys(kms: KmsKeys = new AwsKms()): SigningKeyService {
    const tenants = new TenantDatabase(this.dataSources.app);
    return new SigningKeyService(tenants, new SigningKeyRepository(), {
      vault: this.vault(),
      kms,
      signers: this.signers(kms),
      chains: this.table,
    });
  }

  /** The service by which tenants limit their fees. */
  feeLimits(): FeeLimitService {
    return new FeeLimitService(new TenantDatabase(this.dataSources.app), this.table);
  }

  /** The service by which tenants bring RPC endpoints, and what is reached over them, as one process has both. */
  rpc({ allowLoopback = true } = {}): { endpoints: RpcEndpointService; chains: OwnChains } {
    const tenants = new TenantDatabase(this.dataSources.app);
    const rows = new RpcEndpointRepository(new SecretBox([Buffer.alloc(32, 7)]));
    const policy = new ReceiverPolicy({ allowLoopback });
    const chains = new OwnChains(this.clients, tenants, rows, this.table, policy);
    return { endpoints: new RpcEndpointService(tenants, rows, chains, this.table, policy), chains };
  }

  /** A URL in the place of those that a tenant has set, as it is when a name leads elsewhere than it did then. */
  async keepRpcUrl(tenantId: TenantId, url: string): Promise<void> {
    const rows = new RpcEndpointRepository(new SecretBox([Buffer.alloc(32, 7)]));
    await new TenantDatabase(this.dataSources.app).transaction(tenantId, (tx) =>
      rows.set(tx, CHAIN_ID, [url], false),
    );
  }

  vault(): SecretVault {
    return new SecretVault(new TenantDatabase(this.dataSources.app), new SecretBox([Buffer.alloc(32, 7)]));
  }

  /** A tenant whose account holds `balanceWei`. */
  async tenant(balanceWei = 10n * ETHER): Promise<{ tenantId: TenantId; account: Address }> {
    const service = new TenancyService(new SystemDatabase(this.dataSources.system));
    const { tenantId } = await service.createTenant('a platform');
    const { address: account } = await this.signers().accountFor(tenantId, CHAIN_ID);
    await this.chain.setBalance({ address: account, value: balanceWei });
    return { tenantId, account };
  }

  /** A registry, of which only the row is there. */
  async registryOwnedBy(tenantId: TenantId, owner: Address): Promise<void> {
    await new TenantDatabase(this.dataSources.app).transaction(tenantId, async ({ manager }) => {
      await manager.query(
        `with project as (
           insert into projects (tenant_id, name, artist_name, artist_account, script, script_hash, edition_cap,
                                 royalty_bps, licence)
           values ($1, 'Tides', '', '', '', '', 1, 0, '') returning id)
         insert into registries (tenant_id, project_id, name, symbol, home_chain_id, chain_ids, owner, manifest, contracts)
         select $1, id, 'Tides', 'TIDE', $2, array[$2], $3, '{}', '{}' from project`,
        [tenantId, CHAIN_ID, evmAccountId(CHAIN_ID, owner)],
      );
    });
  }

  /** An intent with an effect that can be counted: one wei to the till. */
  payment(tenantId: TenantId, intentKey: string): TransactionIntent {
    return { tenantId, chainId: CHAIN_ID, intentKey, to: TILL, data: '0x', valueWei: 1n };
  }

  /** How many payments have taken effect on the chain. */
  async paid(): Promise<number> {
    return Number(await this.chain.getBalance({ address: TILL }));
  }

  /** Mines blocks, and lets as much time pass as they take. */
  async mine(blocks = 1): Promise<void> {
    for (let mined = 0; mined < blocks; mined += 1) {
      await this.chain.mine({ blocks: 1 });
      this.clock.nowMs += BLOCK_TIME_MS;
    }
  }

  /** Puts empty blocks in the place of the newest ones. */
  async reorg(depth: number): Promise<void> {
    await reorgAnvil(this.anvil.url, depth);
  }

  /** Mines and ticks until every transaction of the chain is finished. @throws Error after 40 rounds. */
  async settle(manager: TransactionManager): Promise<void> {
    const system = new SystemDatabase(this.dataSources.system);
    for (let round = 0; round < 40; round += 1) {
      await manager.tick(CHAIN_ID);
      const open: unknown[] = await system.transaction((tx) =>
        tx.manager.query("select tenant_id from chain_transactions where state not in ('final', 'dropped')"),
      );
      if (open.length === 0) return;
      await this.mine();
    }
    throw new Error('some transaction never finishes');
  }

  /** Sends a transaction from a tenant's account behind the manager's back, with fees that outbid it. */
  async sendFromOutside(
    tenantId: TenantId,
    { nonce, to, gwei = 200 }: { nonce: number; to?: Address; gwei?: number },
  ): Promise<Hex> {
    const account = await this.signers().accountFor(tenantId, CHAIN_ID);
    const fee = BigInt(gwei) * GWEI;
    const serializedTransaction = await account.signTransaction({
      type: 'eip1559',
      chainId: 31337,
      nonce,
      to: to ?? account.address,
      gas: 100_000n,
      maxFeePerGas: fee,
      maxPriorityFeePerGas: fee,
    });
    return this.chain.request({ method: 'eth_sendRawTransaction', params: [serializedTransaction] });
  }
}

function open(url: string): Promise<DataSource> {
  return openDataSource({ url, poolSize: 10, applicationName: 'transactions-test' });
}

function anvilEntry(url: string): object {
  const finality = { depthBlocks: FINALITY_DEPTH };
  return chainEntry({
    chainId: CHAIN_ID,
    name: 'bare anvil',
    rpcUrls: [url],
    finality,
    blockTimeMs: BLOCK_TIME_MS,
  });
}
