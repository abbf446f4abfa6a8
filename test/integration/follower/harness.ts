import type { Server } from 'node:http';
import type { DataSource } from 'typeorm';
import type { Hex } from 'viem';
import { ChainTable } from '../../../chains/chain-table';
import { EvmClient } from '../../../chains/evm/rpc/evm-client';
import { BlockFollower } from '../../../chains/follower/block-follower';
import { BlockStore } from '../../../domain/chain-state/block-store';
import type { ChainChange } from '../../../domain/chain-state/follower-sink';
import { ChainLogRepository } from '../../../domain/chain-state/log-repository';
import { WatchRepository } from '../../../domain/chain-state/watch-repository';
import { evmChainId } from '../../../schema/caip';
import { registryIdSchema, type TenantId, tenantIdSchema } from '../../../schema/ids';
import { openDataSource } from '../../../tenants/data-source';
import { SystemDatabase } from '../../../tenants/system-database';
import { TenantDatabase } from '../../../tenants/tenant-database';
import { AccountIndex, accountAt } from '../../devnet/accounts';
import { rpc } from '../../devnet/json-rpc';
import type { RpcFault } from '../../devnet/rpc-faults';
import { RpcProxy } from '../../devnet/rpc-proxy';
import { chainEntry } from '../../support/chain-entry';
import { withClient } from '../../support/template-database';
import { createTestDatabase, type TestDatabase } from '../../support/test-database';
import { type BareAnvil, startBareAnvil } from '../transactions/bare-anvil';

export const CHAIN_ID = evmChainId(31337);
export const DEPTH = 8;
const REGISTRY_ID = registryIdSchema.parse('00000000-0000-4000-8000-000000000001');
export const SECOND_REGISTRY_ID = registryIdSchema.parse('00000000-0000-4000-8000-000000000002');
/** Emits its calldata as the data of one log with topic 0xaa. */
const EMITTER_CODE: Hex = '0x6c36600060003760aa366000a100600052600d6013f3';
const NO_ADDRESS: Hex = '0x0000000000000000000000000000000000000001';

/** One chain with its endpoints behind proxies, and one database. */
export class FollowerHarness {
  readonly changes: ChainChange[] = [];
  /** Runs inside the transaction of each step; tests make it throw. */
  onCommit: () => void = () => undefined;
  private readonly systemSource: DataSource[] = [];
  private clients: EvmClient[] = [];

  private constructor(
    readonly anvil: BareAnvil,
    readonly database: TestDatabase,
    readonly tenants: TenantDatabase,
    private readonly appSource: DataSource,
    readonly tenantId: TenantId,
    readonly proxies: readonly RpcProxy[],
    private readonly servers: readonly Server[],
    readonly urls: readonly string[],
  ) {}

  static async start(endpointCount: number): Promise<FollowerHarness> {
    const [anvil, database] = await Promise.all([startBareAnvil(31337), createTestDatabase()]);
    const proxies = Array.from({ length: endpointCount }, () => new RpcProxy(anvil.url));
    const servers = await Promise.all(proxies.map((proxy) => proxy.listen(0)));
    const appSource = await openDataSource({ url: database.appUrl, poolSize: 2, applicationName: 'test' });
    const tenantId = await withClient(database.adminUrl, async (client) => {
      const { rows } = await client.query("insert into tenants (name) values ('one') returning tenant_id");
      return tenantIdSchema.parse(rows[0].tenant_id);
    });
    const tenants = new TenantDatabase(appSource);
    const urls = servers.map(urlOf);
    return new FollowerHarness(anvil, database, tenants, appSource, tenantId, proxies, servers, urls);
  }

  /** A follower as a new process would start it. */
  async follower(
    finality: 'finalized' | { depthBlocks: number } = { depthBlocks: DEPTH },
    urls = this.urls,
  ): Promise<BlockFollower> {
    const chain = chainOf(urls, finality);
    const client = new EvmClient(chain, {
      timeoutMs: 1_000,
      tenantCallsPerSecond: 1_000,
      rounds: 1,
      maxBackOffMs: 100,
    });
    this.clients.push(client);
    return new BlockFollower(client, await this.store(), { eventTopics: [], patienceMs: 1_500 });
  }

  async store(): Promise<BlockStore> {
    const { systemUrl: url } = this.database;
    const source = await openDataSource({ url, poolSize: 2, applicationName: 'test' });
    this.systemSource.push(source);
    return new BlockStore(new SystemDatabase(source), {
      changed: async (_tx, change) => {
        this.changes.push(change);
        this.onCommit();
      },
    });
  }

  fault(index: number, fault: RpcFault): void {
    this.proxies[index]?.setFault(fault);
  }

  async deploy(): Promise<Hex> {
    const hash = await this.send({ data: EMITTER_CODE });
    await this.mine(1);
    const receipt = await rpc(this.anvil.url, 'eth_getTransactionReceipt', [hash]);
    // CAST: anvil's receipt of a mined creation.
    return (receipt as { contractAddress: Hex }).contractAddress;
  }

  /** Puts `count` logs of `emitter` into each of `blocks` new blocks. */
  async emit(emitter: Hex, blocks = 1, count = 1): Promise<void> {
    for (let block = 0; block < blocks; block += 1) {
      for (let log = 0; log < count; log += 1) {
        await this.send({ to: emitter, data: `0x${(block * count + log).toString(16).padStart(64, '0')}` });
      }
      await this.mine(1);
    }
  }

  private async send(transaction: { to?: Hex; data: Hex }): Promise<unknown> {
    const [from] = (await rpc(this.anvil.url, 'eth_accounts')) as Hex[]; // CAST: anvil's own accounts
    return rpc(this.anvil.url, 'eth_sendTransaction', [{ from, gas: '0x30000', ...transaction }]);
  }

  async mine(blocks: number): Promise<void> {
    await rpc(this.anvil.url, 'anvil_mine', [`0x${blocks.toString(16)}`]);
  }

  /** Replaces the newest blocks with empty ones; the transactions in them are gone. */
  async reorg(depth: number): Promise<void> {
    await rpc(this.anvil.url, 'anvil_reorg', [depth, []]);
    await rpc(this.anvil.url, 'anvil_dropAllTransactions');
  }

  /** A transaction of one of anvil's own accounts, signed and not sent. */
  async signedTransfer(): Promise<Hex> {
    const gasPrice = 10n ** 10n;
    return accountAt(AccountIndex.Test).signTransaction({
      chainId: 31337,
      to: NO_ADDRESS,
      gas: 50_000n,
      gasPrice,
      nonce: 0,
    });
  }

  async head(): Promise<number> {
    return Number(await rpc(this.anvil.url, 'eth_blockNumber'));
  }

  async watch(address: Hex, fromBlock: number, registryId = REGISTRY_ID): Promise<void> {
    await this.tenants.transaction(this.tenantId, (tx) =>
      new WatchRepository().add(tx, { chainId: CHAIN_ID, address, registryId, fromBlock }),
    );
  }

  logs(address: Hex) {
    return this.tenants.transaction(this.tenantId, async (tx) => {
      const range = { chainId: CHAIN_ID, addresses: [address], afterBlock: -1 };
      return (await new ChainLogRepository().logsAfter(tx, [range])).get(CHAIN_ID) ?? [];
    });
  }

  cursor() {
    return this.tenants.transaction(this.tenantId, async (tx) =>
      (await new ChainLogRepository().cursors(tx, [CHAIN_ID])).get(CHAIN_ID),
    );
  }

  breaches() {
    return this.tenants.transaction(this.tenantId, (tx) =>
      new ChainLogRepository().breachesAfter(tx, [{ chainId: CHAIN_ID, breachId: 0 }]),
    );
  }

  /** Rows of a table as its owner sees them. */
  count(table: string): Promise<number> {
    return withClient(this.database.adminUrl, async (client) => {
      const { rows } = await client.query(`select count(*)::int as n from ${table}`);
      return rows[0].n;
    });
  }

  /** What the chain itself has: the logs of an address as (block, index, data), straight from anvil. */
  async chainLogs(address: Hex): Promise<string[]> {
    const filter = { address, fromBlock: '0x0', toBlock: 'latest' };
    // CAST: the JSON-RPC shape of a log.
    const logs = (await rpc(this.anvil.url, 'eth_getLogs', [filter])) as {
      blockNumber: Hex;
      logIndex: Hex;
      data: Hex;
      blockHash: Hex;
    }[];
    return logs.map(
      (log) => `${Number(log.blockNumber)} ${Number(log.logIndex)} ${log.data} ${log.blockHash}`,
    );
  }

  async recordedLogs(address: Hex): Promise<string[]> {
    const logs = await this.logs(address);
    return logs.map((log) => `${log.blockNumber} ${log.logIndex} ${log.data} ${log.blockHash}`);
  }

  async stop(): Promise<void> {
    for (const client of this.clients) client.close();
    for (const proxy of this.proxies) proxy.setFault({ kind: 'none' });
    for (const server of this.servers) {
      server.closeAllConnections();
      server.close();
    }
    await Promise.all([this.appSource, ...this.systemSource].map((source) => source.destroy()));
    await Promise.all([this.anvil.stop(), this.database.drop()]);
  }
}

function urlOf(server: Server): string {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the proxy does not listen');
  return `http://127.0.0.1:${address.port}/v3/secret-key`;
}

export function chainOf(rpcUrls: readonly string[], finality: 'finalized' | { depthBlocks: number }) {
  const entry = { chainId: CHAIN_ID, name: 'Test chain', rpcUrls, finality, blockTimeMs: 200 };
  const table = ChainTable.parse([chainEntry(entry)]);
  return table.get(CHAIN_ID);
}
