import type { ClientBase } from 'pg';
import type { Hex } from 'viem';
import type { BlockRef, FollowerStep } from '../../chains/follower/chain-store';
import type { ChainId } from '../../schema/caip';
import type { SystemTx } from '../../tenants/system-database';
import { byteaArray, fromHex, int8Array, toHex } from './block-encoding';
import { CursorMovedError } from './block-errors';
import { copyLogs } from './log-copy';

/** How many blocks below the final one are all kept; of older ones every {@link SPARSE_EVERY}-th. */
const DENSE_BLOCKS = 5_000;
const SPARSE_EVERY = 1_000;
/** Pruning runs once per so many blocks. */
const PRUNE_EVERY = 500;

/**
 * Writes one step inside `tx`.
 *
 * @returns The addresses that had logs added, removed or newly final.
 * @throws CursorMovedError if the recorded position is not the step's `before`.
 */
export async function writeStep(tx: SystemTx, step: FollowerStep): Promise<Hex[]> {
  const client = await clientOf(tx);
  const { chainId, before, after, rewindTo, filled } = step;
  const touched = new Set<Hex>(step.logs.map(({ address }) => address));
  await moveCursor(client, step);

  if (rewindTo !== undefined) await rewind(client, chainId, rewindTo, touched);
  if (step.breach !== undefined) await recordBreach(client, step);
  for (const [number, logs] of step.repairs) {
    await removeLogs(client, chainId, number, number, touched);
    await copyLogs(client, chainId, logs);
    for (const { address } of logs) touched.add(address);
  }
  if (before !== undefined && after.final.number > before.final.number) {
    await addNewlyFinal(client, step, before.final.number, touched);
  }
  await insertBlocks(client, chainId, step.blocks);
  if (filled !== undefined) await recordFilled(client, chainId, filled);
  await copyLogs(client, chainId, step.logs);
  if (isPruneDue(step)) await prune(client, chainId, after.final.number);
  return [...touched];
}

/** TypeORM's own pg connection: its `query` takes no prepared statements. */
export async function clientOf({ manager }: SystemTx): Promise<ClientBase> {
  // CAST: PostgresQueryRunner.connect resolves to the pg client that runs this transaction.
  const client = (await manager.queryRunner?.connect()) as ClientBase | undefined;
  if (client === undefined) throw new Error('the transaction has no connection');
  return client;
}

async function moveCursor(client: ClientBase, { chainId, before, after }: FollowerStep): Promise<void> {
  const position = [
    chainId,
    after.head.number,
    fromHex(after.head.hash),
    after.final.number,
    fromHex(after.final.hash),
  ];
  const { rowCount } =
    before === undefined
      ? await client.query({
          name: 'follower-first-cursor',
          text: `insert into chain_cursors (chain_id, head_number, head_hash, final_number, final_hash)
                 values ($1, $2, $3, $4, $5) on conflict do nothing`,
          values: position,
        })
      : await client.query({
          name: 'follower-move-cursor',
          text: `update chain_cursors
                 set head_number = $2, head_hash = $3, final_number = $4, final_hash = $5, updated_at = now()
                 where chain_id = $1 and head_number = $6 and head_hash = $7
                   and final_number = $8 and final_hash = $9`,
          values: [
            ...position,
            before.head.number,
            fromHex(before.head.hash),
            before.final.number,
            fromHex(before.final.hash),
          ],
        });
  if (rowCount !== 1) throw new CursorMovedError(chainId);
}

async function rewind(
  client: ClientBase,
  chainId: ChainId,
  rewindTo: number,
  touched: Set<Hex>,
): Promise<void> {
  await removeLogs(client, chainId, rewindTo + 1, Number.MAX_SAFE_INTEGER, touched);
  await client.query('delete from chain_blocks where chain_id = $1 and number > $2', [chainId, rewindTo]);
  // A search of the past goes on from the fork. One below the first recorded block starts over.
  await client.query(
    `update watched_addresses set
       filled_to = case when filled_to <= $2::bigint then filled_to
                        when filled_to > $2 and $2 >= from_block then $2 end,
       caught_up = caught_up and $2 >= 0
     where chain_id = $1`,
    [chainId, rewindTo],
  );
}

async function recordBreach(client: ClientBase, { chainId, breach }: FollowerStep): Promise<void> {
  if (breach === undefined) return;
  await client.query(
    'insert into chain_breaches (chain_id, fork_block, old_hash, new_hash) values ($1, $2, $3, $4)',
    [chainId, breach.forkBlock, fromHex(breach.oldHash), fromHex(breach.newHash)],
  );
}

async function removeLogs(
  client: ClientBase,
  chainId: ChainId,
  from: number,
  to: number,
  touched: Set<Hex>,
): Promise<void> {
  const { rows } = await client.query<{ address: Buffer }>({
    name: 'follower-remove-logs',
    text: `with removed as (
             delete from chain_logs where chain_id = $1 and block_number between $2 and $3 returning address
           ) select distinct address from removed`,
    values: [chainId, from, to],
  });
  for (const { address } of rows) touched.add(toHex(address));
}

/** Logs of blocks that were recorded before and are final with this step. */
async function addNewlyFinal(
  client: ClientBase,
  { chainId, after }: FollowerStep,
  oldFinal: number,
  touched: Set<Hex>,
): Promise<void> {
  const { rows } = await client.query<{ address: Buffer }>({
    name: 'follower-newly-final',
    text: 'select distinct address from chain_logs where chain_id = $1 and block_number between $2 and $3',
    values: [chainId, oldFinal + 1, after.final.number],
  });
  for (const { address } of rows) touched.add(toHex(address));
}

async function insertBlocks(
  client: ClientBase,
  chainId: ChainId,
  blocks: readonly BlockRef[],
): Promise<void> {
  if (blocks.length === 0) return;
  await client.query({
    name: 'follower-insert-blocks',
    text: 'insert into chain_blocks select $1, * from unnest($2::int8[], $3::bytea[])',
    values: [
      chainId,
      int8Array(blocks.map(({ number }) => number)),
      byteaArray(blocks.map(({ hash }) => hash)),
    ],
  });
}

async function recordFilled(
  client: ClientBase,
  chainId: ChainId,
  { addresses, from, to, isCaughtUp }: NonNullable<FollowerStep['filled']>,
): Promise<void> {
  const searched = byteaArray(addresses);
  // Another watcher of the address may have brought some of these logs before.
  await client.query({
    name: 'follower-searched-again',
    text: `delete from chain_logs
           where chain_id = $1 and address = any($2::bytea[]) and block_number between $3 and $4`,
    values: [chainId, searched, from, to],
  });
  await client.query({
    name: 'follower-filled',
    // A row that was added meanwhile with an earlier start is not covered by what was searched.
    text: `update watched_addresses set filled_to = $3, caught_up = $4
           where chain_id = $1 and address = any($2::bytea[]) and not caught_up
             and coalesce(filled_to + 1, from_block) >= $5`,
    values: [chainId, searched, to, isCaughtUp, from],
  });
}

function isPruneDue({ before, after }: FollowerStep): boolean {
  if (before === undefined) return false;
  return Math.floor(before.head.number / PRUNE_EVERY) < Math.floor(after.head.number / PRUNE_EVERY);
}

async function prune(client: ClientBase, chainId: ChainId, finalNumber: number): Promise<void> {
  await client.query('delete from chain_blocks where chain_id = $1 and number < $2 and number % $3 <> 0', [
    chainId,
    finalNumber - DENSE_BLOCKS,
    SPARSE_EVERY,
  ]);
}
