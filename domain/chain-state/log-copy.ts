import type { ClientBase } from 'pg';
import type { Hex } from 'viem';
import type { ChainLog } from '../../chains/follower/chain-store';
import type { ChainId } from '../../schema/caip';
import { byteLength, writeHex } from './block-encoding';
import { CopyIn } from './copy-in';

/** https://www.postgresql.org/docs/18/sql-copy.html, "Binary Format" (read 2026-11): signature, flags, no extension. */
const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const TRAILER_BYTES = 2;
const LENGTH_BYTES = 4;
/** Of each row: the number of fields, and their lengths. */
const FIELDS = 9;
const ROW_OVERHEAD_BYTES = 2 + FIELDS * LENGTH_BYTES;
/** block_number, log_index, block_time, address, tx_hash, block_hash. */
const FIXED_BYTES = 8 + 4 + 8 + 20 + 32 + 32;

/** Columns of hex, for {@link FieldWriter}: the topics come last. */
const ADDRESS = 0;
const DATA = 1;
const TX_HASH = 2;
const BLOCK_HASH = 3;
const FIRST_TOPIC = 4;

const COPY_LOGS = `copy chain_logs
  (chain_id, block_number, log_index, block_time, address, topics, data, tx_hash, block_hash)
  from stdin (format binary)`;

/**
 * Writes logs by `COPY`, in a quarter less of the server's time than by `unnest`.
 *
 * @throws DatabaseError 23505 if a log is recorded already; Error if a field is not hex of its length.
 */
export async function copyLogs(
  client: ClientBase,
  chainId: ChainId,
  logs: readonly ChainLog[],
): Promise<void> {
  if (logs.length === 0) return;
  await client.query(new CopyIn(COPY_LOGS, encodeLogs(chainId, logs))).done;
}

/** The whole of a binary COPY. */
function encodeLogs(chainId: ChainId, logs: readonly ChainLog[]): Buffer {
  const chain = Buffer.from(chainId);
  const fixed = ROW_OVERHEAD_BYTES + chain.length + FIXED_BYTES;
  const variable = logs.reduce((sum, { topics, data }) => sum + topics.length * 32 + byteLength(data), 0);
  const writer = new FieldWriter(HEADER.length + logs.length * fixed + variable + TRAILER_BYTES);
  writer.raw(HEADER);
  for (const log of logs) {
    writer.int16(FIELDS);
    writer.int32(chain.length);
    writer.raw(chain);
    writer.int8Field(log.blockNumber);
    writer.int32(4);
    writer.int32(log.logIndex);
    writer.int8Field(log.blockTime);
    writer.hexField(ADDRESS, log.address, 20);
    writer.topicsField(log.topics);
    writer.hexField(DATA, log.data, byteLength(log.data));
    writer.hexField(TX_HASH, log.txHash, 32);
    writer.hexField(BLOCK_HASH, log.blockHash, 32);
  }
  writer.int16(-1);
  return writer.finish();
}

class FieldWriter {
  private readonly target: Buffer;
  private at = 0;
  /** By column, the last value that was converted, and where it lies: neighbours share most, and to copy is cheaper. */
  private readonly values: Hex[] = [];
  private readonly places: number[] = [];

  constructor(bytes: number) {
    this.target = Buffer.allocUnsafe(bytes);
  }

  raw(bytes: Buffer): void {
    this.at += bytes.copy(this.target, this.at);
  }

  int16(value: number): void {
    this.at = this.target.writeInt16BE(value, this.at);
  }

  int32(value: number): void {
    this.at = this.target.writeInt32BE(value, this.at);
  }

  /** @param value - Non-negative, below 2^53. */
  int8Field(value: number): void {
    this.int32(8);
    this.at = this.target.writeUInt32BE(Math.floor(value / 2 ** 32), this.at);
    this.at = this.target.writeUInt32BE(value % 2 ** 32, this.at);
  }

  hexField(column: number, value: Hex, bytes: number): void {
    this.int32(bytes);
    this.hex(column, value, bytes);
  }

  topicsField(topics: readonly Hex[]): void {
    this.int32(topics.length * 32);
    for (const [index, topic] of topics.entries()) this.hex(FIRST_TOPIC + index, topic, 32);
  }

  finish(): Buffer {
    if (this.at !== this.target.length) throw new Error('the rows have another size than was computed');
    return this.target;
  }

  private hex(column: number, value: Hex, bytes: number): void {
    const place = this.places[column];
    if (place !== undefined && value === this.values[column]) {
      this.target.copyWithin(this.at, place, place + bytes);
    } else {
      const written = writeHex(this.target, value, this.at);
      if (written !== bytes) throw new Error(`not ${bytes} bytes of hex`);
      this.values[column] = value;
      this.places[column] = this.at;
    }
    this.at += bytes;
  }
}
