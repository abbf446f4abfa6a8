import type { Hex } from 'viem';
import type { BlockRef, ChainLog, ChainStore } from '../../chains/follower/chain-store';
import type { VerifiedRange, VerifiedRanges } from '../../chains/follower/verified-ranges';
import type { ChainId } from '../../schema/caip';
import type { SystemDatabase } from '../../tenants/system-database';
import { fromHex, toHex } from '../chain-state/block-encoding';
import { clientOf } from '../chain-state/block-step';
import { copyLogs } from '../chain-state/log-copy';
import type { CHAIN_TABLES } from './derived-tables';

/** Differences that are shown of each table. */
const SHOWN = 5;
/** Recorded blocks whose hashes are asked for at a time. */
const BLOCKS_AT_ONCE = 500;

export interface ChainTableComparison {
  readonly table: keyof typeof CHAIN_TABLES;
  readonly rows: number;
  readonly differences: number;
  readonly first: readonly { readonly block: number; readonly what: string }[];
}

/** What the followers have recorded of a chain, beside the chain itself. */
export interface ChainComparison {
  readonly chainId: ChainId;
  /** The height up to which it was compared: what is above may still be reorganised. -1 if nothing is recorded. */
  readonly finalBlock: number;
  readonly tables: readonly ChainTableComparison[];
}

/** What is wrong in one table. */
class Tally {
  rows = 0;
  differences = 0;
  readonly first: { block: number; what: string }[] = [];

  constructor(readonly table: keyof typeof CHAIN_TABLES) {}

  fail(block: number, what: string): void {
    this.differences += 1;
    if (this.first.length < SHOWN) this.first.push({ block, what });
  }

  get result(): ChainTableComparison {
    const { table, rows, differences, first } = this;
    return { table, rows, differences, first };
  }
}

/** What the chain says in place of what is recorded. */
interface Correction {
  readonly logs?: { readonly block: number; readonly logs: readonly ChainLog[] };
  readonly block?: BlockRef;
  readonly finalHash?: Hex;
}

/** Reads a chain's final blocks anew and compares them with what its follower has recorded of them. */
export class ChainRebuilder {
  constructor(
    private readonly database: SystemDatabase,
    private readonly store: Pick<ChainStore, 'position' | 'blocksDown' | 'logs'>,
    private readonly rangesOf: (chainId: ChainId) => VerifiedRanges,
  ) {}

  /** @throws RpcDisagreementError or RpcUnavailableError if the chain cannot be read as a follower would. */
  async compare(chainId: ChainId): Promise<ChainComparison> {
    return this.look(chainId, async () => undefined);
  }

  /**
   * As {@link compare}, and writes what the chain says in place of what differs. The caller holds the follower's lock.
   * Whatever was made of wrong logs has to be rebuilt afterwards.
   */
  async replace(chainId: ChainId): Promise<ChainComparison> {
    return this.look(chainId, (correction) => this.correct(chainId, correction));
  }

  private async look(
    chainId: ChainId,
    correct: (correction: Correction) => Promise<void>,
  ): Promise<ChainComparison> {
    const logs = new Tally('chain_logs');
    const blocks = new Tally('chain_blocks');
    const cursor = new Tally('chain_cursors');
    const position = await this.store.position(chainId);
    if (position === undefined) return { chainId, finalBlock: -1, tables: [] };
    const { final } = position;
    const starts = await this.searched(chainId);
    const ranges = this.rangesOf(chainId);
    const from = Math.min(final.number + 1, ...starts.values());
    for await (const range of ranges.read(from, final.number, [...starts.keys()])) {
      for (const correction of await this.lookAtLogs(chainId, range, starts, logs)) await correct(correction);
      const recorded = await this.store.blocksDown(chainId, range.to, range.blocks.length);
      const truth = new Map(range.blocks.map(({ number, hash }) => [number, hash]));
      for (const block of compareBlocks(
        recorded.filter(({ number }) => number >= range.from),
        truth,
        blocks,
      ))
        await correct({ block });
    }
    for (let below = from - 1; ; ) {
      const recorded = await this.store.blocksDown(chainId, below, BLOCKS_AT_ONCE);
      const lowest = recorded.at(-1);
      if (lowest === undefined) break;
      const numbers = recorded.map(({ number }) => number);
      const hashes = await ranges.hashesAt(numbers);
      const truth = new Map(numbers.flatMap((number, index) => [[number, hashes[index] ?? '0x'] as const]));
      for (const block of compareBlocks(recorded, truth, blocks)) await correct({ block });
      below = lowest.number - 1;
    }
    const [finalHash] = await ranges.hashesAt([final.number]);
    cursor.rows = 1;
    if (finalHash !== undefined && finalHash !== final.hash) {
      cursor.fail(final.number, `its hash is ${finalHash}, not ${final.hash}`);
      await correct({ finalHash });
    }
    return { chainId, finalBlock: final.number, tables: [logs.result, blocks.result, cursor.result] };
  }

  /** The watched addresses that have been searched to the head, with the first block that is recorded for each. */
  private async searched(chainId: ChainId): Promise<ReadonlyMap<Hex, number>> {
    const rows = await this.database.read<{ address: Buffer; from_block: string }>(
      `select address, min(from_block) as from_block from watched_addresses
        where chain_id = $1 and caught_up group by address order by address`,
      [chainId],
    );
    return new Map(rows.map(({ address, from_block }) => [toHex(address), Number(from_block)]));
  }

  private async lookAtLogs(
    chainId: ChainId,
    range: VerifiedRange,
    starts: ReadonlyMap<Hex, number>,
    tally: Tally,
  ): Promise<Correction[]> {
    const isMeant = ({ address, blockNumber }: ChainLog) => (starts.get(address) ?? Infinity) <= blockNumber;
    const recorded = (await this.store.logs(chainId, range.from, range.to)).filter(isMeant);
    const truth = range.logs.filter(isMeant);
    const found = new Map(recorded.map((log) => [placeOf(log), log]));
    const wrong = new Set<number>();
    tally.rows += recorded.length;
    for (const log of truth) {
      const here = found.get(placeOf(log));
      found.delete(placeOf(log));
      if (here !== undefined && formOf(here) === formOf(log)) continue;
      wrong.add(log.blockNumber);
      tally.fail(
        log.blockNumber,
        here === undefined ? `log ${log.logIndex} is missing` : whatDiffers(here, log),
      );
    }
    for (const log of found.values()) {
      wrong.add(log.blockNumber);
      tally.fail(log.blockNumber, `log ${log.logIndex} is not on the chain`);
    }
    return [...wrong].map((block) => ({
      logs: { block, logs: truth.filter(({ blockNumber }) => blockNumber === block) },
    }));
  }

  private async correct(chainId: ChainId, { logs, block, finalHash }: Correction): Promise<void> {
    await this.database.transaction(async (tx) => {
      const client = await clientOf(tx);
      if (logs !== undefined) {
        // A row whose address is wrong lies where the true one belongs.
        await client.query(
          `delete from chain_logs l where chain_id = $1 and block_number = $2
              and (log_index = any($3::int[]) or exists (
                select from watched_addresses w where w.chain_id = $1 and w.address = l.address))`,
          [chainId, logs.block, logs.logs.map(({ logIndex }) => logIndex)],
        );
        await copyLogs(client, chainId, logs.logs);
      }
      if (block !== undefined) {
        await client.query('delete from chain_blocks where chain_id = $1 and number = $2', [
          chainId,
          block.number,
        ]);
        await client.query('insert into chain_blocks (chain_id, number, hash) values ($1, $2, $3)', [
          chainId,
          block.number,
          fromHex(block.hash),
        ]);
      }
      if (finalHash !== undefined)
        await client.query('update chain_cursors set final_hash = $2 where chain_id = $1', [
          chainId,
          fromHex(finalHash),
        ]);
    });
  }
}

/** @returns What the chain has in the place of those that differ. */
function compareBlocks(
  recorded: readonly BlockRef[],
  truth: ReadonlyMap<number, Hex>,
  tally: Tally,
): BlockRef[] {
  const wrong: BlockRef[] = [];
  for (const { number, hash } of recorded) {
    tally.rows += 1;
    const onChain = truth.get(number);
    if (onChain === undefined || onChain === hash) continue;
    tally.fail(number, `its hash is ${onChain}, not ${hash}`);
    wrong.push({ number, hash: onChain });
  }
  return wrong;
}

function placeOf({ blockNumber, logIndex }: ChainLog): string {
  return `${blockNumber}/${logIndex}`;
}

/** Every column of the row, in a fixed order. */
function formOf({
  blockNumber,
  logIndex,
  blockTime,
  address,
  topics,
  data,
  txHash,
  blockHash,
}: ChainLog): string {
  return JSON.stringify([blockNumber, logIndex, blockTime, address, topics, data, txHash, blockHash]);
}

function whatDiffers(recorded: ChainLog, truth: ChainLog): string {
  // CAST: the keys of a log are its fields.
  const fields = (Object.keys(truth) as (keyof ChainLog)[]).filter(
    (field) => JSON.stringify(recorded[field]) !== JSON.stringify(truth[field]),
  );
  return `log ${truth.logIndex} has another ${fields.join(', ')}`;
}
