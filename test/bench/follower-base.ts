import { ChainTable, type EvmChain } from '../../chains/chain-table';
import { DEFAULT_RPC_LIMITS, EvmClient } from '../../chains/evm/rpc/evm-client';
import { BlockFollower } from '../../chains/follower/block-follower';
import { fromHex } from '../../domain/chain-state/block-encoding';
import { BlockStore } from '../../domain/chain-state/block-store';
import { evmChainId } from '../../schema/caip';
import { openDataSource } from '../../tenants/data-source';
import { SystemDatabase } from '../../tenants/system-database';
import { chainEntry } from '../support/chain-entry';
import { withClient } from '../support/template-database';
import { timed } from './benchmark';
import type { TransferChain } from './follower-chain';

/** The benchmarks' chain, as all contestants know it. */
export const EIP155 = 31337;
const CHAIN_ID = evmChainId(EIP155);

/** A database of the name, a copy of the template, in place of any earlier one. */
export async function createDatabase(adminUrl: string, name: string, template: string): Promise<void> {
  await withClient(adminUrl, async (client) => {
    await client.query(`drop database if exists ${name} with (force)`);
    await client.query(`create database ${name} template ${template}`);
  });
}

/** Has the contract watched by a tenant in an empty, migrated database. */
export async function watchContract(adminUrl: string, { contract }: TransferChain): Promise<void> {
  await withClient(adminUrl, async (client) => {
    const { rows } = await client.query("insert into tenants (name) values ('bench') returning tenant_id");
    await client.query(
      `insert into watched_addresses (tenant_id, chain_id, address, registry_id, from_block)
       values ($1, $2, $3, gen_random_uuid(), 0)`,
      [rows[0].tenant_id, CHAIN_ID, fromHex(contract)],
    );
  });
}

/** One tick of our follower with two endpoints. @returns Milliseconds. @throws If it has anything to complain of. */
export async function follow(
  systemUrl: string,
  { anvil }: TransferChain,
  depthBlocks: number,
): Promise<number> {
  const source = await openDataSource({ url: systemUrl, poolSize: 2, applicationName: 'bench' });
  const client = new EvmClient(chainAt(twoNamesOf(anvil.url), depthBlocks), DEFAULT_RPC_LIMITS);
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

/** The same endpoint twice: the chain table takes no URL twice. */
function twoNamesOf(url: string): string[] {
  return [url, url.replace('127.0.0.1', 'localhost')];
}

/** The chain as an entry of the chain table. */
export function benchmarkChain(rpcUrls: readonly string[], depthBlocks: number): object {
  const finality = { depthBlocks };
  return chainEntry({ chainId: CHAIN_ID, name: 'Benchmark', rpcUrls, finality, blockTimeMs: 1_000 });
}

function chainAt(rpcUrls: readonly string[], depthBlocks: number): EvmChain {
  return ChainTable.parse([benchmarkChain(rpcUrls, depthBlocks)]).get(CHAIN_ID);
}
