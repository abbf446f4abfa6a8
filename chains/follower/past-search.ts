import type { Hex } from 'viem';
import type { ChainId } from '../../schema/caip';
import type { RpcEndpoint } from '../evm/rpc/rpc-endpoint';
import { EndpointFailure } from '../evm/rpc/rpc-errors';
import type { ChainLog, ChainPosition, ChainStore, WatchList } from './chain-store';
import type { Range, RangeSource } from './range-source';
import { type RangeVerifier, repaired } from './range-verifier';

interface PastRequest {
  /** The lowest block that has not been searched for some address. */
  readonly from: number;
  readonly behind: WatchList['behind'];
  readonly endpoint: RpcEndpoint;
  readonly voters: readonly RpcEndpoint[];
}

/** Searches recorded blocks for addresses that somebody began to watch only now. */
export class PastSearch {
  constructor(
    private readonly chainId: ChainId,
    private readonly store: ChainStore,
    private readonly ranges: RangeSource,
    private readonly verifier: RangeVerifier,
  ) {}

  /**
   * Brings every address that is behind up to the recorded head, range by range.
   *
   * @returns Why it stopped before, or undefined.
   */
  async search(
    position: ChainPosition,
    endpoint: RpcEndpoint,
    voters: readonly RpcEndpoint[],
  ): Promise<string | undefined> {
    for (;;) {
      const { behind } = await this.store.watchList(this.chainId);
      if (behind.length === 0) return undefined;
      const from = Math.min(...behind.map(({ searchFrom }) => searchFrom));
      const held = await this.searchFrom(position, { from, behind, endpoint, voters });
      if (held !== undefined) return held;
    }
  }

  private async searchFrom(position: ChainPosition, request: PastRequest): Promise<string | undefined> {
    const { from } = request;
    // Watched before it exists: the coming blocks are searched for it anyway.
    if (from > position.head.number) {
      await this.commit(position, { ...request, to: position.head.number, logs: [] });
      return undefined;
    }
    if (from > position.final.number) return this.searchProvisional(position, request);

    const range = await this.read(request, from, position.final.number);
    const { to, headers, logs } = range;
    const addresses = addressesOf(request);
    const claim = { from, to, hashes: headers.map(({ hash }) => hash), logs, addresses, source: range };
    const { held, repairs } = await this.verifier.verify(claim, request.voters);
    if (held !== undefined) return `the search of past blocks waits: ${held}`;
    await this.commit(position, { ...request, to, logs: repaired(logs, repairs) });
    return undefined;
  }

  /** In one transaction, so that all of it is still provisional and is verified when it becomes final. */
  private async searchProvisional(position: ChainPosition, request: PastRequest): Promise<undefined> {
    const to = position.head.number;
    const logs: ChainLog[] = [];
    for (let from = request.from; from <= to; ) {
      const range = await this.read(request, from, to);
      logs.push(...range.logs);
      from = range.to + 1;
    }
    await this.commit(position, { ...request, to, logs });
  }

  private async read(request: PastRequest, from: number, upTo: number): Promise<Range> {
    const { endpoint } = request;
    const range = await this.ranges.read({ endpoint, from, upTo, addresses: addressesOf(request) });
    const recorded = await this.store.blocksDown(this.chainId, range.to, range.headers.length);
    for (const { number, hash } of recorded) {
      const header = range.headers[number - from];
      if (header !== undefined && header.hash !== hash) {
        throw new EndpointFailure(`endpoint ${endpoint.label}: block ${number} is not the recorded one`);
      }
    }
    return range;
  }

  private async commit(
    position: ChainPosition,
    { behind, from, to, logs }: PastRequest & { to: number; logs: readonly ChainLog[] },
  ): Promise<void> {
    const isCaughtUp = to >= position.head.number;
    // One whose search begins above this range may be recorded there already, for another watcher.
    const searched = behind.filter(({ searchFrom }) => isCaughtUp || searchFrom <= to);
    const addresses = searched.map(({ address }) => address);
    const wanted = new Set(addresses);
    await this.store.commit({
      chainId: this.chainId,
      before: position,
      after: position,
      blocks: [],
      logs: logs.filter(({ address }) => wanted.has(address)),
      repairs: new Map(),
      filled: { addresses, from, to, isCaughtUp },
    });
  }
}

function addressesOf({ behind }: PastRequest): Hex[] {
  return behind.map(({ address }) => address);
}
