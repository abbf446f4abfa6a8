import type {
  BlockRef,
  ChainLog,
  ChainPosition,
  ChainStore,
  FollowerStep,
  WatchList,
} from '../../chains/follower/chain-store';
import type { ChainId } from '../../schema/caip';
import { killPoint } from '../../schema/kill-point';
import type { SystemDatabase } from '../../tenants/system-database';
import { toHex } from './block-encoding';
import { writeStep } from './block-step';
import type { ChainChangeSink } from './follower-sink';
import { LOG_COLUMNS, type LogRow, toChainLog } from './log-row';

interface PositionRow {
  readonly head_number: string;
  readonly head_hash: Buffer;
  readonly final_number: string;
  readonly final_hash: Buffer;
}

/** The followers' record in PostgreSQL, written as the system role. */
export class BlockStore implements ChainStore {
  constructor(
    private readonly database: SystemDatabase,
    private readonly sink: ChainChangeSink,
  ) {}

  async position(chainId: ChainId): Promise<ChainPosition | undefined> {
    const [row] = await this.query<PositionRow>(
      'select head_number, head_hash, final_number, final_hash from chain_cursors where chain_id = $1',
      [chainId],
    );
    if (row === undefined) return undefined;
    return {
      head: { number: Number(row.head_number), hash: toHex(row.head_hash) },
      final: { number: Number(row.final_number), hash: toHex(row.final_hash) },
    };
  }

  async watchList(chainId: ChainId): Promise<WatchList> {
    const rows = await this.query<{ address: Buffer; caught_up: boolean; search_from: string | null }>(
      `select address, bool_or(caught_up) as caught_up,
              min(coalesce(filled_to + 1, from_block)) filter (where not caught_up) as search_from
       from watched_addresses where chain_id = $1 group by address order by address`,
      [chainId],
    );
    return {
      current: rows.filter((row) => row.caught_up).map(({ address }) => toHex(address)),
      behind: rows.flatMap(({ address, search_from }) =>
        search_from === null ? [] : [{ address: toHex(address), searchFrom: Number(search_from) }],
      ),
    };
  }

  async blocksDown(chainId: ChainId, number: number, limit: number): Promise<BlockRef[]> {
    const rows = await this.query<{ number: string; hash: Buffer }>(
      'select number, hash from chain_blocks where chain_id = $1 and number <= $2 order by number desc limit $3',
      [chainId, number, limit],
    );
    return rows.map((row) => ({ number: Number(row.number), hash: toHex(row.hash) }));
  }

  async logs(chainId: ChainId, from: number, to: number): Promise<ChainLog[]> {
    const rows = await this.query<LogRow>(
      `select ${LOG_COLUMNS} from chain_logs where chain_id = $1 and block_number between $2 and $3
       order by block_number, log_index`,
      [chainId, from, to],
    );
    return rows.map(toChainLog);
  }

  async commit(step: FollowerStep): Promise<void> {
    await this.database.transaction(async (tx) => {
      const touched = await writeStep(tx, step);
      const { chainId, after, breach } = step;
      await this.sink.changed(tx, {
        chainId,
        touched,
        head: after.head.number,
        final: after.final.number,
        ...(breach === undefined ? {} : { breach: { forkBlock: breach.forkBlock } }),
      });
      killPoint('follower.before-commit');
    });
    killPoint('follower.after-commit');
  }

  async setAlert(chainId: ChainId, alert: string | undefined): Promise<void> {
    await this.query('update chain_cursors set alert = $2, updated_at = now() where chain_id = $1', [
      chainId,
      alert ?? null,
    ]);
  }

  private query<Row>(sql: string, parameters: unknown[]): Promise<Row[]> {
    return this.database.transaction(({ manager }) => manager.query(sql, parameters));
  }
}
