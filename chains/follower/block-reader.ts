import type { Hex } from 'viem';
import { z } from 'zod';
import { parseReply, type RpcCall, type RpcEndpoint } from '../evm/rpc/rpc-endpoint';
import { EndpointFailure } from '../evm/rpc/rpc-errors';
import type { BlockRef, ChainLog } from './chain-store';
import type { Receipt } from './receipts-root';

/** Headers per HTTP request; hosted nodes limit batches to 100 or more calls. */
const HEADERS_PER_BATCH = 50;
/** Addresses per `eth_getLogs`. */
const ADDRESSES_PER_CALL = 500;
/** With more addresses than this, logs are asked for by topic and the rest is thrown away here. */
const MAX_ADDRESSES = 5_000;

const hex = z
  .string()
  .regex(/^0x[0-9a-f]*$/i)
  // CAST: the pattern is the type's definition.
  .transform((value) => value.toLowerCase() as Hex);
const headerSchema = z.object({
  number: z.string().transform(Number),
  hash: hex,
  parentHash: hex,
  timestamp: z.string().transform(Number),
  logsBloom: hex,
  receiptsRoot: hex,
});
const receiptSchema = z.object({
  type: hex,
  status: hex.optional(),
  root: hex.optional(),
  cumulativeGasUsed: hex,
  logsBloom: hex,
  blockHash: hex,
  transactionHash: hex,
  depositNonce: hex.optional(),
  depositReceiptVersion: hex.optional(),
  logs: z.array(z.object({ address: hex, topics: z.array(hex), data: hex, logIndex: z.string() })),
});

/** A block without its transactions. */
export type Header = z.output<typeof headerSchema>;

/** A block's receipts with what names each log. */
export type BlockReceipt = z.output<typeof receiptSchema> & Receipt;

/** An `eth_getLogs` answer for one range: its bytes as they came, so that equal answers need no parsing. */
export interface LogAnswer {
  readonly label: string;
  readonly bodies: readonly Buffer[];
}

/** What `eth_getLogs` is asked. */
export interface LogQuery {
  readonly from: number;
  readonly to: number;
  /** Lower case. */
  readonly addresses: readonly Hex[];
}

/** A JSON-RPC log as far as it is read here. */
interface WireLog {
  readonly address: Hex;
  readonly topics: readonly Hex[];
  readonly data: Hex;
  readonly blockNumber: Hex;
  readonly blockHash: Hex;
  readonly transactionHash: Hex;
  readonly logIndex: Hex;
}

const LOGS_CALL: RpcCall = { method: 'eth_getLogs', params: [] };

/** Reads blocks and logs from single endpoints, so that their answers can be compared. */
export class BlockReader {
  /**
   * @param eventTopics - The first topics of all events that are ever watched; asked for instead of
   * addresses when those are too many for a request.
   */
  constructor(private readonly eventTopics: readonly Hex[]) {}

  /** The blocks by tag or number, in one request; `null` where the node has no such block. */
  async blocks(
    endpoint: RpcEndpoint,
    which: readonly (number | 'latest' | 'finalized')[],
  ): Promise<(Header | null)[]> {
    const calls = which.map((block) => headerCall(typeof block === 'number' ? quantity(block) : block));
    return (await endpoint.batch(calls)).map((header) => parseHeader(header, endpoint));
  }

  /** @returns In the order of `numbers`; `null` where the node has no such block. */
  async headersAt(endpoint: RpcEndpoint, numbers: readonly number[]): Promise<(Header | null)[]> {
    const batches: Promise<(Header | null)[]>[] = [];
    for (let at = 0; at < numbers.length; at += HEADERS_PER_BATCH) {
      batches.push(this.blocks(endpoint, numbers.slice(at, at + HEADERS_PER_BATCH)));
    }
    return (await Promise.all(batches)).flat();
  }

  /** The headers `from` to `to`. @throws EndpointFailure if the node lacks one. */
  async headers(endpoint: RpcEndpoint, from: number, to: number): Promise<Header[]> {
    const numbers = Array.from({ length: to - from + 1 }, (_, index) => from + index);
    const headers = await this.headersAt(endpoint, numbers);
    return headers.map((header, index) => {
      if (header === null || header.number !== numbers[index]) {
        throw new EndpointFailure(`endpoint ${endpoint.label}: has no block ${numbers[index]}`);
      }
      return header;
    });
  }

  /** Asks for logs; {@link parseLogs} reads the answer. */
  async logs(endpoint: RpcEndpoint, { from, to, addresses }: LogQuery): Promise<LogAnswer> {
    const range = { fromBlock: quantity(from), toBlock: quantity(to) };
    const filters: object[] = [];
    if (addresses.length > MAX_ADDRESSES) filters.push({ ...range, topics: [this.eventTopics] });
    else {
      for (let at = 0; at < addresses.length; at += ADDRESSES_PER_CALL) {
        filters.push({ ...range, address: addresses.slice(at, at + ADDRESSES_PER_CALL) });
      }
    }
    const bodies = filters.map((filter) => endpoint.requestBytes({ ...LOGS_CALL, params: [filter] }));
    return { label: endpoint.label, bodies: await Promise.all(bodies) };
  }

  /** All receipts of a block, or `null` if the node has no such block. */
  async receipts(endpoint: RpcEndpoint, { number }: BlockRef): Promise<BlockReceipt[] | null> {
    const answer = await endpoint.request({ method: 'eth_getBlockReceipts', params: [quantity(number)] });
    if (answer === null) return null;
    return parseWith(z.array(receiptSchema), answer, endpoint.label);
  }
}

/** How far into an answer its result begins, if the node writes nothing unusual before. */
const HEAD_BYTES = 100;

/** @throws JsonRpcError if the node refused the request. Reads no more of the answer than it has to. */
export function checkNotRefused({ label, bodies }: LogAnswer): void {
  for (const body of bodies)
    if (!body.subarray(0, HEAD_BYTES).includes('"result":[')) parseReply(body, LOGS_CALL, label);
}

/**
 * The logs of an answer by block, in the order of their index.
 *
 * @param headers - The blocks that the answer must belong to.
 * @throws EndpointFailure if a log is malformed or of another block than its header: a reorg
 * happened between two requests.
 */
export function parseLogs(
  { label, bodies }: LogAnswer,
  headers: ReadonlyMap<number, Header>,
  addresses: ReadonlySet<Hex>,
): ChainLog[] {
  const logs: ChainLog[] = [];
  for (const body of bodies) {
    // CAST: each field is checked below or, for the hex of topics and data, when it is stored.
    const wire = parseReply(body, LOGS_CALL, label) as WireLog[];
    if (!Array.isArray(wire)) throw new EndpointFailure(`endpoint ${label}: logs are not a list`);
    for (const log of wire) {
      const header = headers.get(Number(log.blockNumber));
      if (header === undefined || header.hash !== log.blockHash || !Array.isArray(log.topics)) {
        throw new EndpointFailure(`endpoint ${label}: a log of another block than its header`);
      }
      if (addresses.has(log.address)) logs.push(toChainLog(log, header));
    }
  }
  if (bodies.length > 1)
    logs.sort((one, other) => one.blockNumber - other.blockNumber || one.logIndex - other.logIndex);
  return logs;
}

function toChainLog(log: WireLog, header: Header): ChainLog {
  return {
    blockNumber: header.number,
    logIndex: Number(log.logIndex),
    blockTime: header.timestamp,
    address: log.address,
    topics: log.topics,
    data: log.data,
    txHash: log.transactionHash,
    blockHash: header.hash,
  };
}

/** The logs of some addresses among a block's receipts. */
export function logsOfReceipts(
  receipts: readonly BlockReceipt[],
  header: Header,
  addresses: ReadonlySet<Hex>,
): ChainLog[] {
  return receipts.flatMap(({ logs, transactionHash }) =>
    logs
      .filter(({ address }) => addresses.has(address))
      .map(({ address, topics, data, logIndex }) => ({
        blockNumber: header.number,
        logIndex: Number(logIndex),
        blockTime: header.timestamp,
        address,
        topics,
        data,
        txHash: transactionHash,
        blockHash: header.hash,
      })),
  );
}

/** True when two lists hold the same logs in the same order. */
export function areSameLogs(some: readonly ChainLog[], others: readonly ChainLog[]): boolean {
  return some.length === others.length && some.every((log, index) => isSameLog(log, others[index]));
}

function isSameLog(log: ChainLog, other: ChainLog | undefined): boolean {
  return (
    other !== undefined &&
    log.blockHash === other.blockHash &&
    log.logIndex === other.logIndex &&
    log.txHash === other.txHash &&
    log.address === other.address &&
    log.data === other.data &&
    log.topics.join() === other.topics.join()
  );
}

function headerCall(block: string): RpcCall {
  return { method: 'eth_getBlockByNumber', params: [block, false] };
}

function parseHeader(answer: unknown, { label }: RpcEndpoint): Header | null {
  return answer === null ? null : parseWith(headerSchema, answer, label);
}

function parseWith<Schema extends z.ZodType>(
  schema: Schema,
  answer: unknown,
  label: string,
): z.output<Schema> {
  const parsed = schema.safeParse(answer);
  if (!parsed.success) throw new EndpointFailure(`endpoint ${label}: malformed answer`);
  return parsed.data;
}

function quantity(value: number): Hex {
  return `0x${value.toString(16)}`;
}
