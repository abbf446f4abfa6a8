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
  readonly detectedAt: Date;
}

export interface LogRange {
  readonly chainId: ChainId;
  /** In any case of letters. */
  readonly addresses: readonly Hex[];
  readonly afterBlock: number;
  /** Inclusive; the recorded head if absent. Bound it when the logs may be many: all of them are returned. */
  readonly toBlock?: number;
}

/** Reads what the followers have recorded. Chain data is public, so every tenant may read all of it. */
export class ChainLogRepository {
  /** The logs of some addresses in blocks above `afterBlock`, in the order of the chain. */
  async logsAfter(
    { manager }: TenantTx,
    { chainId, addresses, afterBlock, toBlock = Number.MAX_SAFE_INTEGER }: LogRange,
  ): Promise<ChainLog[]> {
    if (addresses.length === 0) return [];
    const rows: LogRow[] = await manager.query(
      `select ${LOG_COLUMNS} from chain_logs
       where chain_id = $1 and address = any($2::bytea[]) and block_number > $3 and block_number <= $4
       order by block_number, log_index`,
      [chainId, byteaArray(addresses), afterBlock, toBlock],
    );
    return rows.map(toChainLog);
  }

  /** @returns undefined until the chain's follower has recorded its first block. */
  async cursor({ manager }: TenantTx, chainId: ChainId): Promise<ChainCursor | undefined> {
    const [row] = await manager.query(
      `select head_number, head_hash, final_number, final_hash, alert, updated_at
       from chain_cursors where chain_id = $1`,
      [chainId],
    );
    if (row === undefined) return undefined;
    return {
      head: { number: Number(row.head_number), hash: toHex(row.head_hash) },
      final: { number: Number(row.final_number), hash: toHex(row.final_hash) },
      alert: row.alert ?? undefined,
      updatedAt: row.updated_at,
    };
  }

  /** The breaches of a chain that were recorded after the one with id `afterId` (0 for all), oldest first. */
  async breachesAfter({ manager }: TenantTx, chainId: ChainId, afterId: number): Promise<RecordedBreach[]> {
    const rows: {
      id: string;
      fork_block: string;
      old_hash: Buffer;
      new_hash: Buffer;
      detected_at: Date;
    }[] = await manager.query(
      `select id, fork_block, old_hash, new_hash, detected_at from chain_breaches
       where chain_id = $1 and id > $2 order by id`,
      [chainId, afterId],
    );
    return rows.map((row) => ({
      id: Number(row.id),
      forkBlock: Number(row.fork_block),
      oldHash: toHex(row.old_hash),
      newHash: toHex(row.new_hash),
      detectedAt: row.detected_at,
    }));
  }
}
