import type { Client } from 'pg';
import { createPublicClient, type Hex, http, type PublicClient } from 'viem';
import { TRANSFER_ABI } from './follower-chain';

/** What both peers are asked to load. */
export interface PeerTask {
  readonly url: string;
  readonly contract: Hex;
  readonly fromBlock: number;
  readonly toBlock: number;
  readonly blocksPerRange: number;
  readonly client: Client;
}

/** Where both peers write: the decoded transfer and where it happened. */
export const PEER_TABLE = `
  create table peer_transfers (
    block_number bigint not null,
    log_index int not null,
    sender text not null,
    receiver text not null,
    token_id numeric not null,
    tx_hash text not null,
    block_hash text not null,
    primary key (block_number, log_index)
  )`;

/** `getContractEvents` and one prepared insert per row, committed per range. */
export async function insertPerRow(task: PeerTask): Promise<void> {
  await forEachRange(task, async (events) => {
    for (const { blockNumber, logIndex, args, transactionHash, blockHash } of events) {
      await task.client.query({
        name: 'peer-insert',
        text: 'insert into peer_transfers values ($1, $2, $3, $4, $5, $6, $7)',
        values: [blockNumber, logIndex, args.from, args.to, args.tokenId, transactionHash, blockHash],
      });
    }
  });
}

/** `getContractEvents` and one `unnest` per range. */
export async function unnestPerRange(task: PeerTask): Promise<void> {
  await forEachRange(task, async (events) => {
    await task.client.query({
      name: 'peer-unnest',
      text: `insert into peer_transfers select * from unnest(
               $1::bigint[], $2::int[], $3::text[], $4::text[], $5::numeric[], $6::text[], $7::text[])`,
      values: [
        events.map(({ blockNumber }) => blockNumber),
        events.map(({ logIndex }) => logIndex),
        events.map(({ args }) => args.from),
        events.map(({ args }) => args.to),
        events.map(({ args }) => args.tokenId),
        events.map(({ transactionHash }) => transactionHash),
        events.map(({ blockHash }) => blockHash),
      ],
    });
  });
}

type Events = Awaited<ReturnType<typeof readEvents>>;

async function forEachRange(task: PeerTask, write: (events: Events) => Promise<void>): Promise<void> {
  const client = createPublicClient({ transport: http(task.url) });
  for (let from = task.fromBlock; from <= task.toBlock; from += task.blocksPerRange) {
    const to = Math.min(task.toBlock, from + task.blocksPerRange - 1);
    const events = await readEvents(client, task.contract, from, to);
    await task.client.query('begin');
    await write(events);
    await task.client.query('commit');
  }
}

function readEvents(client: PublicClient, address: Hex, from: number, to: number) {
  return client.getContractEvents({
    address,
    abi: TRANSFER_ABI,
    eventName: 'Transfer',
    strict: true,
    fromBlock: BigInt(from),
    toBlock: BigInt(to),
  });
}
