import { createHash } from 'node:crypto';
import { quantity, RpcReplyError } from './json-rpc';

/** A JSON-RPC request as it passes through the proxy. */
export interface PassingCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** Asks the true node. */
export type Upstream = (method: string, params: readonly unknown[]) => Promise<unknown>;

/** A false picture of a chain: answers one call with the help of the true node. */
export type RpcView = (call: PassingCall, upstream: Upstream) => Promise<unknown>;

type Json = Record<string, unknown>;

/** Where each method carries its block number or tag. */
const BLOCK_PARAMETER: Readonly<Record<string, number>> = {
  eth_getBlockByNumber: 0,
  eth_getBlockReceipts: 0,
  eth_getBlockTransactionCountByNumber: 0,
  eth_call: 1,
  eth_estimateGas: 1,
  eth_getBalance: 1,
  eth_getCode: 1,
  eth_getTransactionCount: 1,
  eth_getStorageAt: 2,
};
const HEAD_TAGS: readonly unknown[] = ['latest', 'pending', undefined];
const DEEP_TAGS: readonly unknown[] = ['safe', 'finalized'];

/** The chain as it was `blocks` blocks ago. */
export function laggingView(blocks: number): RpcView {
  return async ({ method, params }, upstream) => {
    const head = Math.max(0, Number(await upstream('eth_blockNumber', [])) - blocks);
    const resolve = (tag: unknown) => resolveBlock(tag, head, blocks, upstream);
    if (method === 'eth_blockNumber') return quantity(head);
    if (method === 'eth_getLogs') return laggingLogs(params, head, resolve, upstream);
    const at = BLOCK_PARAMETER[method];
    if (at !== undefined) {
      const number = await resolve(params[at]);
      if (typeof number === 'string' && Number(number) > head) return null;
      const rewritten = [...params];
      rewritten[at] = number;
      return upstream(method, rewritten);
    }
    const result = await upstream(method, params);
    return isBeyond(result, head) ? null : result;
  };
}

async function laggingLogs(
  params: readonly unknown[],
  head: number,
  resolve: (tag: unknown) => Promise<unknown>,
  upstream: Upstream,
): Promise<unknown> {
  const filter = asObject(params[0]);
  if (filter['blockHash'] !== undefined) {
    const logs = await upstream('eth_getLogs', [filter]);
    return Array.isArray(logs) ? logs.filter((log) => !isBeyond(log, head)) : logs;
  }
  const [from, to] = [Number(await resolve(filter['fromBlock'])), Number(await resolve(filter['toBlock']))];
  if (from > head) return [];
  return upstream('eth_getLogs', [
    { ...filter, fromBlock: quantity(from), toBlock: quantity(Math.min(to, head)) },
  ]);
}

async function resolveBlock(
  tag: unknown,
  head: number,
  blocks: number,
  upstream: Upstream,
): Promise<unknown> {
  if (HEAD_TAGS.includes(tag)) return quantity(head);
  if (tag === 'earliest') return quantity(0);
  if (!DEEP_TAGS.includes(tag)) return tag;
  const deep = asObject(await upstream('eth_getBlockByNumber', [tag, false]));
  return quantity(Math.max(0, Number(deep['number']) - blocks));
}

/** Blocks, logs, receipts and transactions above the head are not there yet. */
function isBeyond(value: unknown, head: number): boolean {
  const { number, blockNumber } = asObject(value);
  const height = blockNumber ?? number;
  return typeof height === 'string' && Number(height) > head;
}

/** Blocks from `fromBlock` on have another hash of their own, and nothing else differs. */
export function wrongBlockHashView(fromBlock: number): RpcView {
  return async ({ method, params }, upstream) => {
    const result = await upstream(method, params);
    if (!method.startsWith('eth_getBlockBy')) return result;
    const { hash, number } = asObject(result);
    if (typeof hash !== 'string' || Number(number) < fromBlock) return result;
    return { ...asObject(result), hash: otherHash(hash) };
  };
}

/** The data of every log differs by one bit; a log without data gets some. */
export function alteredLogsView(): RpcView {
  return async ({ method, params }, upstream) => deepMap(await upstream(method, params), alterLog);
}

function alterLog(value: Json): Json {
  const { data, topics } = value;
  if (!Array.isArray(topics) || typeof data !== 'string') return value;
  const last = Number.parseInt(data.slice(-1), 16);
  return { ...value, data: data === '0x' ? '0x01' : data.slice(0, -1) + (last ^ 1).toString(16) };
}

/** `eth_getLogs` leaves out the logs of one address, or all. */
export function omittedLogsView(address: string | undefined): RpcView {
  return async ({ method, params }, upstream) => {
    const result = await upstream(method, params);
    if (method !== 'eth_getLogs' || !Array.isArray(result)) return result;
    if (address === undefined) return [];
    return result.filter((log) => String(asObject(log)['address']).toLowerCase() !== address.toLowerCase());
  };
}

/** `eth_getLogs` between two numbers is refused if they are more than `blocks` blocks. */
export function limitedLogsView(blocks: number): RpcView {
  return async ({ method, params }, upstream) => {
    const { fromBlock, toBlock } = asObject(params[0]);
    if (method === 'eth_getLogs' && Number(toBlock) - Number(fromBlock) >= blocks)
      throw new RpcReplyError(method, { code: -32005, message: `at most ${blocks} blocks at a time` });
    return upstream(method, params);
  };
}

/** Another chain from `fromBlock` on, consistent in itself: every hash of its blocks is replaced alike. */
export function forkedView(fromBlock: number): RpcView {
  const trueHashes = new Map<string, string>();
  const forge = (hash: unknown): unknown => {
    if (typeof hash !== 'string') return hash;
    const forged = otherHash(hash);
    trueHashes.set(forged, hash);
    return forged;
  };
  const rewrite = (value: Json): Json => {
    const { number, hash, parentHash, blockNumber, blockHash } = value;
    if (typeof number === 'string' && parentHash !== undefined && Number(number) >= fromBlock) {
      const parent = Number(number) > fromBlock ? forge(parentHash) : parentHash;
      return { ...value, hash: forge(hash), parentHash: parent };
    }
    if (typeof blockNumber === 'string' && Number(blockNumber) >= fromBlock) {
      return { ...value, blockHash: forge(blockHash) };
    }
    return value;
  };
  return async ({ method, params }, upstream) => {
    const asked = deepMapStrings(params, (text) => trueHashes.get(text) ?? text);
    const result = deepMap(await upstream(method, asked), rewrite);
    // A true hash of the replaced part is unknown on this chain.
    const { hash, number } = asObject(result);
    const unknown = method === 'eth_getBlockByHash' && Number(number) >= fromBlock && hash !== params[0];
    return unknown ? null : result;
  };
}

function otherHash(hash: string): string {
  return `0x${createHash('sha256').update(`fork of ${hash}`).digest('hex')}`;
}

function asObject(value: unknown): Json {
  // CAST: a non-null, non-array object is read as a record of unknowns.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

/** Applies `change` to every object of a JSON value, inner ones first. */
function deepMap(value: unknown, change: (object: Json) => Json): unknown {
  if (Array.isArray(value)) return value.map((item) => deepMap(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return change(Object.fromEntries(Object.entries(value).map(([key, item]) => [key, deepMap(item, change)])));
}

function deepMapStrings(values: readonly unknown[], change: (text: string) => string): unknown[] {
  return values.map((value) => {
    if (typeof value === 'string') return change(value);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, typeof item === 'string' ? change(item) : item]),
    );
  });
}
