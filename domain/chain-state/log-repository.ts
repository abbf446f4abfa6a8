import type { Hex } from 'viem';
import type { Breach, ChainLog, ChainPosition } from '../../chains/follower/chain-store';
import type { ChainId } from '../../schema/caip';
import type { TenantTx } from '../../tenants/tenant-database';
import { byteaArray, toHex } from './block-encoding';
import { LOG_COLUMNS, type LogRow, toChainLog } from './log-row';

/** How far a chain has been recorded, and why it does not go on. */
export interface ChainCursor extends ChainPosition {
  /** Why finality is held or the chain cannot be read; undefined when all is well. */
  readonly alert: string | undefined;
  readonly updatedAt: Date;
}

/** A {@link Breach} with its place in the order of all breaches. */
export interface RecordedBreach extends Breach {
  readonly id: number;
  readonly chainId: ChainId;
  readonly detectedAt: Date;
}

export interface LogRange {
  readonly chainId: ChainId;
  /** In any case of letters. */
  readonly addresses: readonly Hex[];
  /** All logs above it are returned, up to the recorded head. */
  readonly afterBlock: number;
}

interface CursorRow {
  chain_id: ChainId;
  head_number: string;
  head_hash: Buffer;
  final_number: string;
  final_hash: Buffer;
  alert: string | null;
  updated_at: Date;
}

/** Reads what the followers have recorded. Chain data is public, so every tenant may read all of it. */
export class ChainLogRepository {
  /** The logs of some addresses above some heights, at most one range a chain; by chain, each in its own order. */
  async logsAfter(
    { manager }: TenantTx,
    ranges: readonly LogRange[],
  ): Promise<ReadonlyMap<ChainId, ChainLog[]>> {
    if (ranges.length === 0) return new Map();
    // Each height is a value of its own, which PostgreSQL knows when it plans: of one that it has to look up it takes a
    // third of all logs to be above it, and reads them all.
    const within = ranges.map(
      (_, index) =>
        `chain_id = $${3 * index + 1} and address = any($${3 * index + 2}::bytea[]) and block_number > $${3 * index + 3}`,
    );
    const rows: (LogRow & { chain_id: ChainId })[] = await manager.query(
      `select chain_id, ${LOG_COLUMNS} from chain_logs where ${within.join(' or ')}
        order by chain_id, block_number, log_index`,
      ranges.flatMap(({ chainId, addresses, afterBlock }) => [chainId, byteaArray(addresses), afterBlock]),
    );
    const byChain = new Map<ChainId, ChainLog[]>(ranges.map(({ chainId }) => [chainId, []]));
    for (const row of rows) byChain.get(row.chain_id)?.push(toChainLog(row));
    return byChain;
  }

  /** When a block with a recorded log was made. @throws Error if none of its logs is recorded. */
  async blockTime({ manager }: TenantTx, chainId: ChainId, blockNumber: number): Promise<Date> {
    const [row]: { block_time: string }[] = await manager.query(
      'select block_time from chain_logs where chain_id = $1 and block_number = $2 limit 1',
      [chainId, blockNumber],
    );
    if (row === undefined) throw new Error(`no log of block ${blockNumber} of ${chainId} is recorded`);
    return new Date(Number(row.block_time) * 1_000);
  }

  /** How far chains are recorded. One whose follower has not recorded its first block is not among them. */
  async cursors(
    { manager }: TenantTx,
    chainIds: readonly ChainId[],
  ): Promise<ReadonlyMap<ChainId, ChainCursor>> {
    const rows: CursorRow[] = await manager.query(
      `select chain_id, head_number, head_hash, final_number, final_hash, alert, updated_at
       from chain_cursors where chain_id = any($1)`,
      [chainIds],
    );
    return new Map(rows.map((row) => [row.chain_id, toCursor(row)]));
  }

  /** The breaches of chains that were recorded after the one with id `afterId` (0 for all), oldest first. */
  async breachesAfter(
    { manager }: TenantTx,
    after: readonly { readonly chainId: ChainId; readonly breachId: number }[],
  ): Promise<RecordedBreach[]> {
    const rows: {
      id: string;
      chain_id: ChainId;
      fork_block: string;
      old_hash: Buffer;
      new_hash: Buffer;
      detected_at: Date;
    }[] = await manager.query(
      `select id, chain_id, fork_block, old_hash, new_hash, detected_at
         from unnest($1::text[], $2::bigint[]) as mark (chain, after_id)
         join chain_breaches on chain_id = chain and id > after_id
        order by id`,
      [after.map(({ chainId }) => chainId), after.map(({ breachId }) => breachId)],
    );
    return rows.map((row) => ({
      id: Number(row.id),
      chainId: row.chain_id,
      forkBlock: Number(row.fork_block),
      oldHash: toHex(row.old_hash),
      newHash: toHex(row.new_hash),
      detectedAt: row.detected_at,
    }));
  }
}

function toCursor(row: CursorRow): ChainCursor {
  return {
    head: { number: Number(row.head_number), hash: toHex(row.head_hash) },
    final: { number: Number(row.final_number), hash: toHex(row.final_hash) },
    alert: row.alert ?? undefined,
    updatedAt: row.updated_at,
  };
}
