import { isAscii } from 'node:buffer';
import { isNativeError } from 'node:util/types';
import { z } from 'zod';
import { type ChainId, eip155Number } from '../../../schema/caip';
import { rpcDuration, rpcRequests } from '../../metrics';
import { type Dial, HttpPoster } from './http-post';
import { EndpointFailure, JsonRpcError, RpcWrongChainError } from './rpc-errors';
import { TenantRates } from './tenant-rates';

/** One JSON-RPC call. */
export interface RpcCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** How often an endpoint must show again that it serves its chain: providers re-route host names. */
const CHAIN_CHECK_INTERVAL_MS = 60_000;
/** A failing endpoint is passed over for this long after its first failure, doubling up to the maximum. */
const FIRST_DEMOTION_MS = 250;
const MAX_DEMOTION_MS = 30_000;

const replySchema = z.looseObject({
  id: z.union([z.number(), z.string(), z.null()]).optional(),
  error: z.looseObject({ code: z.number(), message: z.string(), data: z.unknown().optional() }).optional(),
});

/** Limits of one endpoint. */
export interface EndpointLimits {
  /** How long it may take to answer one request. */
  readonly timeoutMs: number;
  /** Calls per second of one tenant; more wait, and those of other tenants pass them by. */
  readonly tenantCallsPerSecond: number;
}

/** One JSON-RPC server: its connections, its health, and whether it serves the right chain. */
export class RpcEndpoint {
  /** What logs and alerts call it: its place in the chain table and its host, never path, query or user. */
  readonly label: string;
  /** What metrics call it: tenants' own count together, as their servers are no business of the operator's. */
  private readonly metricLabels: { readonly chain: ChainId; readonly endpoint: string };
  private readonly poster: HttpPoster;
  private readonly rates: TenantRates;
  private failures = 0;
  private demotedUntil = 0;
  private chainCheckedAt = Number.NEGATIVE_INFINITY;
  private chainCheck: Promise<void> | undefined;

  constructor(
    private readonly chainId: ChainId,
    url: string,
    index: number,
    private readonly limits: EndpointLimits,
    dial: Dial = {},
  ) {
    const parsed = new URL(url);
    this.label = `#${index} (${parsed.hostname})`;
    this.metricLabels = { chain: chainId, endpoint: dial.lookup === undefined ? `#${index}` : 'tenants' };
    this.poster = new HttpPoster(parsed, dial);
    this.rates = new TenantRates(limits.tenantCallsPerSecond);
  }

  /** False while the endpoint is passed over after failures, unless no other is left. */
  get isHealthy(): boolean {
    return performance.now() >= this.demotedUntil;
  }

  /** Milliseconds until the endpoint is asked again; 0 when it is healthy. */
  get demotedForMs(): number {
    return Math.max(0, this.demotedUntil - performance.now());
  }

  /**
   * Sends one call.
   *
   * @throws JsonRpcError if the node refused it; EndpointFailure if none came back in time;
   * RpcWrongChainError if the endpoint serves another chain; RpcRateLimitedError if the tenant on whose
   * behalf it is made has too many calls on their way.
   */
  async request(call: RpcCall): Promise<unknown> {
    return parseReply(await this.requestBytes(call), call, this.label);
  }

  /** As {@link request}, but the answer's bytes as they came, for comparing or parsing later with {@link parseReply}. */
  async requestBytes(call: RpcCall): Promise<Buffer> {
    await this.rates.take(1);
    await this.checkChain();
    return this.send(JSON.stringify({ jsonrpc: '2.0', id: 1, ...call }));
  }

  /**
   * Sends calls in one HTTP request; the results come in the order of the calls.
   *
   * @throws As {@link request}; JsonRpcError for the first call that the node refused.
   */
  async batch(calls: readonly RpcCall[]): Promise<unknown[]> {
    await this.rates.take(calls.length);
    await this.checkChain();
    const body = await this.send(JSON.stringify(calls.map((call, id) => ({ jsonrpc: '2.0', id, ...call }))));
    const replies = parseJson(body, this.label);
    // A node that takes no batches answers one with a single error.
    if (!Array.isArray(replies)) throw new EndpointFailure(`endpoint ${this.label}: no batch answer`);
    const byId = new Map(replies.map((reply) => [reply?.id, reply]));
    return calls.map((call, id) => resultOf(byId.get(id), call, this.label));
  }

  close(): void {
    this.poster.close();
  }

  private async send(body: string): Promise<Buffer> {
    const timer = rpcDuration.startTimer(this.metricLabels);
    try {
      const answer = await this.poster.post(body, AbortSignal.timeout(this.limits.timeoutMs));
      if (answer.status !== 200) {
        throw new EndpointFailure(
          `endpoint ${this.label}: HTTP ${answer.status}`,
          retryAfterMs(answer.retryAfter),
        );
      }
      this.failures = 0;
      this.demotedUntil = 0;
      rpcRequests.inc({ ...this.metricLabels, outcome: 'answered' });
      return answer.body;
    } catch (error) {
      rpcRequests.inc({ ...this.metricLabels, outcome: 'failed' });
      const failure = error instanceof EndpointFailure ? error : new EndpointFailure(this.describe(error));
      this.demote(failure.retryAfterMs);
      throw failure;
    } finally {
      timer();
    }
  }

  /** Node's own messages name host and port at most; the rest of the URL is never in them. */
  private describe(error: unknown): string {
    // Not by its class alone: under Jest the errors of Node's own modules come from another realm.
    if (!(error instanceof Error || isNativeError(error))) return `endpoint ${this.label}: failed`;
    if (error.name === 'AbortError' || error.name === 'TimeoutError') {
      return `endpoint ${this.label}: no answer within ${this.limits.timeoutMs} ms`;
    }
    return `endpoint ${this.label}: ${error.message}`;
  }

  private demote(retryAfter: number | undefined): void {
    const backOff = Math.min(MAX_DEMOTION_MS, FIRST_DEMOTION_MS * 2 ** this.failures);
    this.failures += 1;
    this.demotedUntil = performance.now() + Math.min(MAX_DEMOTION_MS, retryAfter ?? backOff);
  }

  private checkChain(): Promise<void> {
    if (performance.now() - this.chainCheckedAt < CHAIN_CHECK_INTERVAL_MS) return Promise.resolve();
    this.chainCheck ??= this.readChainId().finally(() => {
      this.chainCheck = undefined;
    });
    return this.chainCheck;
  }

  private async readChainId(): Promise<void> {
    const call = { method: 'eth_chainId', params: [] };
    const served = parseReply(
      await this.send(JSON.stringify({ jsonrpc: '2.0', id: 1, ...call })),
      call,
      this.label,
    );
    if (Number(served) !== eip155Number(this.chainId)) {
      this.demote(undefined);
      throw new RpcWrongChainError(this.chainId, {
        context: { endpoint: this.label, served: String(served) },
      });
    }
    this.chainCheckedAt = performance.now();
  }
}

/**
 * The result in an answer's bytes.
 *
 * @throws JsonRpcError if the answer is an error; EndpointFailure if it is not JSON-RPC.
 */
export function parseReply(body: Buffer, call: RpcCall, label: string): unknown {
  return resultOf(parseJson(body, label), call, label);
}

function parseJson(body: Buffer, label: string): unknown {
  try {
    // Nearly every answer is plain ASCII, for which the other decoding is several times faster.
    return JSON.parse(body.toString(isAscii(body) ? 'latin1' : 'utf8'));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new EndpointFailure(`endpoint ${label}: the answer is not JSON`);
  }
}

function resultOf(reply: unknown, { method }: RpcCall, label: string): unknown {
  if (typeof reply === 'object' && reply !== null && 'result' in reply) return reply.result;
  const { data } = replySchema.safeParse(reply);
  if (data?.error === undefined) throw new EndpointFailure(`endpoint ${label}: no reply to ${method}`);
  throw new JsonRpcError(method, data.error.code, data.error.message, data.error.data);
}

/** `Retry-After` in milliseconds: seconds or an HTTP date (RFC 9110 §10.2.3). */
function retryAfterMs(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const seconds = Number(header);
  const delay = Number.isNaN(seconds) ? Date.parse(header) - Date.now() : seconds * 1000;
  return Number.isNaN(delay) ? undefined : Math.max(0, delay);
}
