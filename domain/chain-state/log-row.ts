import type { ChainLog } from '../../chains/follower/chain-store';
import { splitTopics, toHex } from './block-encoding';

/** The columns that {@link toChainLog} reads. */
export const LOG_COLUMNS = 'block_number, log_index, block_time, address, topics, data, tx_hash, block_hash';

/** A row of `chain_logs`. */
export interface LogRow {
  readonly block_number: string;
  readonly log_index: number;
  readonly block_time: string;
  readonly address: Buffer;
  readonly topics: Buffer;
  readonly data: Buffer;
  readonly tx_hash: Buffer;
  readonly block_hash: Buffer;
}

export function toChainLog(row: LogRow): ChainLog {
  return {
    blockNumber: Number(row.block_number),
    logIndex: row.log_index,
    blockTime: Number(row.block_time),
    address: toHex(row.address),
    topics: splitTopics(row.topics),
    data: toHex(row.data),
    txHash: toHex(row.tx_hash),
    blockHash: toHex(row.block_hash),
  };
}
