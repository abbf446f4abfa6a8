import { setTimeout as delay } from 'node:timers/promises';
import type { Hex } from 'viem';
import type { EvmChain } from '../chain-table';
import type { RpcEndpoint } from '../evm/rpc/rpc-endpoint';
import { EndpointFailure, JsonRpcError, RpcWrongChainError } from '../evm/rpc/rpc-errors';
import type { BlockReader, Header } from './block-reader';
import type { BlockRef, ChainPosition, ChainStore } from './chain-store';

/** Recorded blocks that are compared with an endpoint's in one request, when a fork is looked for. */
const BLOCKS_PER_COMPARISON = 50;

/** Where an endpoint's chain leaves the recorded one. */
export interface Fork {
  /** The highest recorded block that the endpoint has too; undefined if it shares none. */
  readonly ancestor: BlockRef | undefined;
  /** The lowest recorded block that the endpoint contradicts. */
  readonly ours: BlockRef;
  /** What the endpoint has at that number. */
  readonly theirHash: Hex;
}

/** What one endpoint shows at this moment. */
export interface EndpointView {
  readonly endpoint: RpcEndpoint;
  readonly latest: BlockRef;
  /** The highest block that is final in this endpoint's view. */
  readonly final: number;
  /** Undefined if its chain continues the recorded one or is behind it. */
  readonly fork: Fork | undefined;
}

export interface Survey {
  readonly views: readonly EndpointView[];
  /** Why the others say nothing, one sentence each, without URLs. */
  readonly silences: readonly string[];
  /** Some endpoint serves another chain. */
  readonly isWrongChainSeen: boolean;
}

/** Asks all endpoints of a chain where they are, and compares with what is recorded. */
export class EndpointSurvey {
  private readonly pending = new Set<RpcEndpoint>();
  /** Why each endpoint did not answer the last time that it was asked. */
  private readonly lastErrors = new Map<RpcEndpoint, Error>();

  /** @param patienceMs - Endpoints that take longer are not waited for; they count as silent. */
  constructor(
    private readonly chain: EvmChain,
    private readonly endpoints: readonly RpcEndpoint[],
    private readonly reader: BlockReader,
    private readonly store: Pick<ChainStore, 'blocksDown'>,
    private readonly patienceMs: number,
  ) {}

  /** @param position - What is recorded; undefined before the first step. */
  async take(position: ChainPosition | undefined): Promise<Survey> {
    const views = new Map<RpcEndpoint, EndpointView>();
    let isOver = false;
    const asked = this.endpoints
      // One that still owes an answer, or has just failed, is not asked again yet.
      .filter((endpoint) => endpoint.isHealthy && !this.pending.has(endpoint))
      .map(async (endpoint) => {
        this.pending.add(endpoint);
        try {
          const view = await this.view(endpoint, position);
          this.lastErrors.delete(endpoint);
          if (!isOver) views.set(endpoint, view);
        } catch (error) {
          if (!isSilence(error)) throw error;
          this.lastErrors.set(endpoint, error);
        } finally {
          this.pending.delete(endpoint);
        }
      });
    await within(asked, this.patienceMs);
    isOver = true;
    const silent = this.endpoints.filter((endpoint) => !views.has(endpoint));
    return {
      views: this.endpoints.flatMap((endpoint) => views.get(endpoint) ?? []),
      silences: silent.map((endpoint) => this.silence(endpoint)),
      isWrongChainSeen: silent.some(
        (endpoint) => this.lastErrors.get(endpoint) instanceof RpcWrongChainError,
      ),
    };
  }

  private silence(endpoint: RpcEndpoint): string {
    const error = this.lastErrors.get(endpoint);
    if (error === undefined) return `endpoint ${endpoint.label}: no answer within ${this.patienceMs} ms`;
    return error instanceof EndpointFailure ? error.message : `endpoint ${endpoint.label}: ${error.message}`;
  }

  private async view(endpoint: RpcEndpoint, position: ChainPosition | undefined): Promise<EndpointView> {
    const { finality } = this.chain;
    const head = position?.head;
    const [latest, finalized, atHead] = await this.reader.blocks(endpoint, [
      'latest',
      finality === 'finalized' ? 'finalized' : 'latest',
      head?.number ?? 0,
    ]);
    if (!latest || !finalized) throw new EndpointFailure(`endpoint ${endpoint.label}: has no head`);
    const depth = finality === 'finalized' ? 0 : finality.depthBlocks;
    return {
      endpoint,
      latest: { number: latest.number, hash: latest.hash },
      final: Math.max(0, finalized.number - depth),
      fork:
        head === undefined ? undefined : await this.fork(endpoint, { head, latest, atHead: atHead ?? null }),
    };
  }

  private async fork(
    endpoint: RpcEndpoint,
    { head, latest, atHead }: { head: BlockRef; latest: Header; atHead: Header | null },
  ): Promise<Fork | undefined> {
    const reaches = latest.number >= head.number;
    const theirs = reaches ? atHead : latest;
    const [ours] = reaches ? [head] : await this.store.blocksDown(this.chain.chainId, latest.number, 1);
    if (theirs === null || ours === undefined) return undefined;
    if (ours.number === theirs.number && ours.hash === theirs.hash) return undefined;
    return this.searchFork(endpoint, theirs.number);
  }

  private async searchFork(endpoint: RpcEndpoint, from: number): Promise<Fork | undefined> {
    let contradicted: Omit<Fork, 'ancestor'> | undefined;
    for (let below = from; ; ) {
      const recorded = await this.store.blocksDown(this.chain.chainId, below, BLOCKS_PER_COMPARISON);
      const theirs = await this.reader.headersAt(
        endpoint,
        recorded.map(({ number }) => number),
      );
      for (const [index, ours] of recorded.entries()) {
        const header = theirs[index];
        if (!header) throw new EndpointFailure(`endpoint ${endpoint.label}: has no block ${ours.number}`);
        if (header.hash === ours.hash) return contradicted && { ancestor: ours, ...contradicted };
        contradicted = { ours, theirHash: header.hash };
      }
      const lowest = recorded.at(-1);
      if (lowest === undefined) return contradicted && { ancestor: undefined, ...contradicted };
      below = lowest.number - 1;
    }
  }
}

/** True for errors that say something about an endpoint and nothing about this program. */
export function isSilence(error: unknown): error is EndpointFailure | JsonRpcError | RpcWrongChainError {
  return (
    error instanceof EndpointFailure || error instanceof JsonRpcError || error instanceof RpcWrongChainError
  );
}

/** Waits for all, but not longer than `ms`. */
async function within(promises: readonly Promise<void>[], ms: number): Promise<void> {
  const timer = new AbortController();
  const patience = delay(ms, undefined, { signal: timer.signal }).catch(() => undefined);
  await Promise.race([Promise.all(promises), patience]).finally(() => timer.abort());
}
