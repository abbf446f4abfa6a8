import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** One JSON-RPC call. */
export interface RpcCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

interface RpcReply {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

/** The node answered with an error. */
export class RpcReplyError extends Error {
  constructor(
    method: string,
    readonly reply: { readonly code: number; readonly message: string },
  ) {
    super(`${method}: ${reply.message} (${reply.code})`);
    this.name = 'RpcReplyError';
  }
}

/** Kept open: programs of the devnet ask many times a second, and `fetch` takes three times as much of the machine. */
const connections = new Agent({ keepAlive: true });

/** Far longer than any answer takes: whoever waits for a node that has stopped goes on, and says so. */
const SILENCE_MS = 60_000;

/** Sends a body as it is. @returns The answer's, whatever its status. @throws Error if none comes for a minute. */
export async function post(url: string, body: string): Promise<string> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = request(url, {
      agent: connections,
      method: 'POST',
      timeout: SILENCE_MS,
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    });
    sent
      .once('response', resolve)
      .once('timeout', () => sent.destroy(new Error(`${url} was silent for ${SILENCE_MS} ms`)))
      .once('error', reject)
      .end(body);
  });
  return text(response);
}

/**
 * Sends calls in one HTTP request.
 *
 * @returns The results in the order of the calls.
 * @throws RpcReplyError for the first call that the node refused.
 */
export async function rpcBatch(url: string, calls: readonly RpcCall[]): Promise<unknown[]> {
  const body = calls.map((call, id) => ({ jsonrpc: '2.0', id, ...call }));
  // CAST: the JSON-RPC 2.0 shape of a batch reply; anvil is the only peer.
  const replies = JSON.parse(await post(url, JSON.stringify(body))) as RpcReply[];
  const byId = new Map(replies.map((reply) => [reply.id, reply]));
  return calls.map(({ method }, id) => {
    const reply = byId.get(id);
    if (reply === undefined) throw new Error(`${method}: no reply in the batch`);
    if (reply.error !== undefined) throw new RpcReplyError(method, reply.error);
    return reply.result;
  });
}

/** Sends one call. @throws RpcReplyError if the node refused it. */
export async function rpc(url: string, method: string, params: readonly unknown[] = []): Promise<unknown> {
  const [result] = await rpcBatch(url, [{ method, params }]);
  return result;
}

/** The head's block number. */
export async function headNumber(url: string): Promise<number> {
  return Number(await rpc(url, 'eth_blockNumber'));
}

/** The number as JSON-RPC writes it. */
export function quantity(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}
