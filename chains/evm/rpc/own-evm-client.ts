import type { Hex, PublicClient } from 'viem';
import type { ErrorCode } from '../../../schema/error-codes';
import type { EvmChain } from '../../chain-table';
import type { ChainAccess } from '../../transactions/chain-access';
import { DEFAULT_RPC_LIMITS, EvmClient, type RpcLimits } from './evm-client';
import type { Dial } from './http-post';
import { publicClient } from './public-client';
import { RpcUnavailableError, RpcWrongChainError } from './rpc-errors';

/** Tenants' servers get less time and fewer tries than the deployment's: somebody waits meanwhile. */
export const OWN_RPC_LIMITS: RpcLimits = {
  ...DEFAULT_RPC_LIMITS,
  timeoutMs: 5_000,
  rounds: 1,
  maxBackOffMs: 1_000,
};

/** Endpoints that a tenant has brought for one chain. */
export interface OwnEndpoints {
  readonly urls: readonly string[];
  /** Whom to ask when none of them serves the chain; nobody if it is undefined. */
  readonly fallback: ChainAccess | undefined;
  readonly dial: Dial;
  /** Told of each call that none of them served, before anybody else is asked. */
  onOutage(code: ErrorCode): Promise<void>;
}

/** One EVM network through the endpoints that a tenant has brought. What a node answers stands, refusals included. */
export class OwnEvmClient implements ChainAccess {
  readonly public: PublicClient;
  private readonly own: EvmClient;

  constructor(
    chain: EvmChain,
    private readonly endpoints: OwnEndpoints,
  ) {
    this.own = new EvmClient({ ...chain, rpcUrls: [...endpoints.urls] }, OWN_RPC_LIMITS, endpoints.dial);
    this.public = publicClient(chain, (call) => this.request(call));
  }

  /** As {@link EvmClient.request}. */
  request(call: Parameters<EvmClient['request']>[0]): Promise<unknown> {
    return this.ask((access) => access.request(call));
  }

  /** As {@link EvmClient.broadcast}. */
  broadcast(raw: Hex): Promise<unknown> {
    return this.ask((access) => access.broadcast(raw));
  }

  close(): void {
    this.own.close();
  }

  private async ask(
    question: (access: Pick<ChainAccess, 'request' | 'broadcast'>) => Promise<unknown>,
  ): Promise<unknown> {
    const { fallback } = this.endpoints;
    // Those that have just failed are not waited for again while there is somebody else to ask.
    if (fallback !== undefined && this.own.endpoints.every(({ isHealthy }) => !isHealthy)) {
      return question(fallback);
    }
    try {
      return await question(this.own);
    } catch (error) {
      if (!(error instanceof RpcUnavailableError || error instanceof RpcWrongChainError)) throw error;
      await this.endpoints.onOutage(error.code);
      if (fallback === undefined) throw error;
      return question(fallback);
    }
  }
}
