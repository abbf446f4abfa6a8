import type { Client } from 'pg';
import { ChainTable, type EvmChain } from '../../chains/chain-table';
import { DEFAULT_RPC_LIMITS, EvmClient } from '../../chains/evm/rpc/evm-client';
import { BlockFollower } from '../../chains/follower/block-follower';
import { fromHex } from '../../domain/chain-state/block-encoding';
import { BlockStore } from '../../domain/chain-state/block-store';
import { evmChainId } from '../../schema/caip';
import { openDataSource } from '../../tenants/data-source';
import { SystemDatabase } from '../../tenants/system-database';
import { createTemplateDatabase, TEMPLATE_DATABASE, urlOf, withClient } from '../support/template-database';
import { startTransferChain, type TransferChain } from './follower-chain';
import { insertPerRow, PEER_TABLE, type PeerTask, unnestPerRange } from './follower-peers';

const EIP155 = 31337;
const CHAIN_ID = evmChainId(EIP155);
const DEPTH = 8;
/** The follower's own first range, so that all contestants read equal ranges. */
const BLOCKS_PER_RANGE = 32;
const BASE_DATABASE = 'bench_base';
const RUN_DATABASE = 'bench_run';
const NO_ADDRESS = '0x0000000000000000000000000000000000000001';

/** One chain full of transfers and an empty, migrated database per run. Each contestant answers with its milliseconds. */
export interface Contest {
  readonly events: number;
  follower(): Promise<number>;
  perRow(): Promise<number>;
  perRange(): Promise<number>;
  stop(): Promise<void>;
}

export async function prepareContest(
  adminUrl: string,
  { blocks, perBlock }: { blocks: number; perBlock: number },
): Promise<Contest> {
  const { systemUrl } = await createTemplateDatabase(adminUrl);
  const chain = await startTransferChain(EIP155);
  try {
    await chain.mine(DEPTH);
    await createDatabase(adminUrl, BASE_DATABASE, TEMPLATE_DATABASE);
    await prepareBase(
      urlOf(adminUrl, { database: BASE_DATABASE }),
      urlOf(systemUrl, { database: BASE_DATABASE }),
      chain,
    );
    await chain.emit(blocks, perBlock);
  } catch (error) {
    await chain.anvil.stop();
    throw error;
  }
  const events = blocks * perBlock;
  const runUrl = urlOf(adminUrl, { database: RUN_DATABASE });
  const run = async (table: string, contestant: (client: Client) => Promise<number>): Promise<number> => {
    await createDatabase(adminUrl, RUN_DATABASE, BASE_DATABASE);
    return withClient(runUrl, async (client) => {
      await client.query('checkpoint');
      const ms = await contestant(client);
      const { rows } = await client.query(`select count(*)::int as n from ${table}`);
      if (rows[0].n !== events) throw new Error(`${rows[0].n} of ${events} events in ${table}`);
      return ms;
    });
  };
  const peer = (load: (task: PeerTask) => Promise<void>) => () =>
    run('peer_transfers', (client) => {
      const { anvil, contract } = chain;
      const fromBlock = 2 + DEPTH;
      const toBlock = fromBlock + blocks - 1;
      return timed(() =>
        load({ url: anvil.url, contract, fromBlock, toBlock, blocksPerRange: BLOCKS_PER_RANGE, client }),
      );
    });
  return {
    events,
    follower: () => run('chain_logs', () => follow(urlOf(systemUrl, { database: RUN_DATABASE }), chain)),
    perRow: peer(insertPerRow),
    perRange: peer(unnestPerRange),
    stop: () => chain.anvil.stop(),
  };
}

async function createDatabase(adminUrl: string, name: string, template: string): Promise<void> {
  await withClient(adminUrl, async (client) => {
    await client.query(`drop database if exists ${name} with (force)`);
    await client.query(`create database ${name} template ${template}`);
  });
}

/** Watches the contract and records the chain up to where the transfers begin. */
async function prepareBase(adminUrl: string, systemUrl: string, chain: TransferChain): Promise<void> {
  await withClient(adminUrl, async (client) => {
    await client.query(PEER_TABLE);
    const { rows } = await client.query("insert into tenants (name) values ('bench') returning tenant_id");
    await client.query(
      `insert into watched_addresses (tenant_id, chain_id, address, registry_id, from_block)
       values ($1, $2, $3, gen_random_uuid(), 0)`,
      [rows[0].tenant_id, CHAIN_ID, fromHex(chain.contract)],
    );
  });
  await follow(systemUrl, chain);
}

async function follow(systemUrl: string, { anvil }: TransferChain): Promise<number> {
  const source = await openDataSource({ url: systemUrl, poolSize: 2, applicationName: 'bench' });
  const client = new EvmClient(
    chainAt([anvil.url, anvil.url.replace('127.0.0.1', 'localhost')]),
    DEFAULT_RPC_LIMITS,
  );
  try {
    const store = new BlockStore(new SystemDatabase(source), { changed: async () => undefined });
    const follower = new BlockFollower(client, store, { eventTopics: [], patienceMs: 10_000 });
    const ms = await timed(() => follower.tick());
    if (follower.state.alert !== undefined) throw new Error(follower.state.alert);
    return ms;
  } finally {
    client.close();
    await source.destroy();
  }
}

function chainAt(rpcUrls: readonly string[]): EvmChain {
  const table = ChainTable.parse([
    {
      chainId: CHAIN_ID,
      name: 'Benchmark',
      rpcUrls,
      finality: { depthBlocks: DEPTH },
      blockTimeMs: 1_000,
      ccip: { ccipSelector: '1', router: NO_ADDRESS, onRamp: NO_ADDRESS, offRamp: NO_ADDRESS },
      layerZero: {
        lzEid: 1,
        endpoint: NO_ADDRESS,
        sendUln: NO_ADDRESS,
        receiveUln: NO_ADDRESS,
        executor: NO_ADDRESS,
        confirmations: 1,
        dvns: [NO_ADDRESS],
      },
    },
  ]);
  return table.get(CHAIN_ID);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
