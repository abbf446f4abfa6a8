import type { Client } from 'pg';
import { createTemplateDatabase, TEMPLATE_DATABASE, urlOf, withClient } from '../support/template-database';
import { timed } from './benchmark';
import { createDatabase, EIP155, follow, watchContract } from './follower-base';
import { startTransferChain } from './follower-chain';
import { insertPerRow, PEER_TABLE, type PeerTask, unnestPerRange } from './follower-peers';

const DEPTH = 8;
/** The follower's own first range, so that all contestants read equal ranges. */
const BLOCKS_PER_RANGE = 32;
const BASE_DATABASE = 'bench_base';
const RUN_DATABASE = 'bench_run';

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
    const baseUrl = urlOf(adminUrl, { database: BASE_DATABASE });
    await withClient(baseUrl, (client) => client.query(PEER_TABLE));
    await watchContract(baseUrl, chain);
    // The chain up to where the transfers begin.
    await follow(urlOf(systemUrl, { database: BASE_DATABASE }), chain, DEPTH);
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
    follower: () =>
      run('chain_logs', () => follow(urlOf(systemUrl, { database: RUN_DATABASE }), chain, DEPTH)),
    perRow: peer(insertPerRow),
    perRange: peer(unnestPerRange),
    stop: () => chain.anvil.stop(),
  };
}
