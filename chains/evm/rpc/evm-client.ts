import { setTimeout as delay } from 'node:timers/promises';
import { type Hex, keccak256, type PublicClient } from 'viem';
import type { ChainId } from '../../../schema/caip';
import type { EvmChain } from '../../chain-table';
import type { Dial } from './http-post';
import { publicClient } from './public-client';
import { type EndpointLimits, type RpcCall, RpcEndpoint } from './rpc-endpoint';
import { EndpointFailure, JsonRpcError, RpcUnavailableError, RpcWrongChainError } from './rpc-errors';

/** Limits of {@link EvmClient}; tests shorten them. */
export interface RpcLimits extends EndpointLimits {
  /** How often all endpoints are tried in turn before a read fails. */
  readonly rounds: number;
  /** The longest wait between two rounds, whatever `Retry-After` says. */
  readonly maxBackOffMs: number;
}

export const DEFAULT_RPC_LIMITS: RpcLimits = {
  timeoutMs: 10_000,
  tenantCallsPerSecond: 500,
  rounds: 3,
  maxBackOffMs: 5_000,
};

const FIRST_BACK_OFF_MS = 100;
/** EIP-1474 "limit exceeded": another endpoint may still answer. */
const LIMIT_EXCEEDED = -32005;

/**
 * One EVM network through all its endpoints. A read goes to the healthiest endpoint and falls over to
 * the next; whoever decides on finality asks {@link endpoints} one by one and compares.
 */
export class EvmClient {
  readonly chainId: ChainId;
  /** In the order of the chain table. */
  readonly endpoints: readonly RpcEndpoint[];
  /**
   * For reads and simulations with viem. It never retries by itself (this class does), and its errors
   * carry a {@link RpcUnavailableError} or {@link JsonRpcError} in their `cause` chain.
   */
  readonly public: PublicClient;

  constructor(
    readonly chain: EvmChain,
    private readonly limits: RpcLimits = DEFAULT_RPC_LIMITS,
    dial: Dial = {},
  ) {
    this.chainId = chain.chainId;
    this.endpoints = chain.rpcUrls.map(
      (url, index) => new RpcEndpoint(chain.chainId, url, index, limits, dial),
    );
    this.public = publicClient(chain, (call) => this.request(call));
  }

  /**
   * Reads from one endpoint, whichever answers first in the order of health.
   *
   * @throws JsonRpcError if a node refuses the call; RpcUnavailableError if none answers;
   * RpcWrongChainError if none serves this chain; RpcRateLimitedError as {@link RpcEndpoint.request}.
   */
  async request(call: RpcCall): Promise<unknown> {
    let last: unknown;
    for (let round = 0; round < this.limits.rounds; round += 1) {
      if (round > 0) await delay(this.backOffMs(round));
      for (const endpoint of this.byHealth()) {
        try {
          return await endpoint.request(call);
        } catch (error) {
          if (!isWorthAnother(error)) throw error;
          last = error;
        }
      }
    }
    if (last instanceof JsonRpcError || last instanceof RpcWrongChainError) throw last;
    throw new RpcUnavailableError(this.chainId, { cause: last });
  }

  /**
   * Sends a signed transaction to every endpoint, so that one that drops or hides it does no harm.
   * Succeeds if any takes it or already knows it; sending it again changes nothing.
   *
   * @returns The transaction's hash.
   * @throws JsonRpcError with a node's reason if all that answered refuse it; RpcUnavailableError if none answered.
   */
  async broadcast(raw: Hex): Promise<Hex> {
    const hash = keccak256(raw);
    const results = await Promise.allSettled(this.endpoints.map((endpoint) => offer(endpoint, raw, hash)));
    if (results.some(({ status }) => status === 'fulfilled')) return hash;
    const reasons = results.map((result) => (result.status === 'rejected' ? result.reason : undefined));
    const refusal = reasons.find((reason) => reason instanceof JsonRpcError);
    throw refusal ?? new RpcUnavailableError(this.chainId, { cause: reasons[0] });
  }

  close(): void {
    for (const endpoint of this.endpoints) endpoint.close();
  }

  private byHealth(): RpcEndpoint[] {
    return [...this.endpoints].sort((one, other) => one.demotedForMs - other.demotedForMs);
  }

  /** Until the first endpoint is to be asked again, but at least a doubling pause with jitter. */
  private backOffMs(round: number): number {
    const soonest = Math.min(...this.endpoints.map(({ demotedForMs }) => demotedForMs));
    const pause = FIRST_BACK_OFF_MS * 2 ** (round - 1) * (0.5 + Math.random());
    return Math.min(this.limits.maxBackOffMs, Math.max(soonest, pause));
  }
}

function isWorthAnother(error: unknown): boolean {
  if (error instanceof JsonRpcError) return error.code === LIMIT_EXCEEDED;
  return error instanceof EndpointFailure || error instanceof RpcWrongChainError;
}

/** Nodes word "already known" differently, so a refusal is checked by asking for the transaction. */
async function offer(endpoint: RpcEndpoint, raw: Hex, hash: Hex): Promise<void> {
  try {
    await endpoint.request({ method: 'eth_sendRawTransaction', params: [raw] });
  } catch (error) {
    if (!(error instanceof JsonRpcError)) throw error;
    const known = await endpoint.request({ method: 'eth_getTransactionByHash', params: [hash] });
    if (known === null) throw error;
  }
}
