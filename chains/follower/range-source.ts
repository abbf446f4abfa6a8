import type { Hex } from 'viem';
import type { RpcEndpoint } from '../evm/rpc/rpc-endpoint';
import { EndpointFailure, JsonRpcError } from '../evm/rpc/rpc-errors';
import { type BlockReader, checkNotRefused, type Header, type LogQuery, parseLogs } from './block-reader';
import type { BlockRef, ChainLog } from './chain-store';
import type { RangeSize } from './range-size';
import type { Vote } from './range-verifier';

/** A range as one endpoint gave it: its headers are linked, its logs belong to them. */
export interface Range extends Vote {
  readonly from: number;
  readonly to: number;
  readonly logs: readonly ChainLog[];
}

export interface RangeRequest {
  readonly endpoint: RpcEndpoint;
  readonly from: number;
  /** The last block wanted; the range may end before. */
  readonly upTo: number;
  readonly addresses: readonly Hex[];
  /** Told of each range that is asked for, so that other endpoints can be asked at the same time. */
  readonly onAsk?: (query: LogQuery) => void;
}

/** What an endpoint says about a range, not looked into yet. */
export interface FetchedRange extends LogQuery, Vote {}

/** Reads linked ranges from single endpoints, in sizes that they can bear. */
export class RangeSource {
  constructor(
    private readonly reader: BlockReader,
    private readonly size: RangeSize,
  ) {}

  /** {@link fetch}, then {@link open}. */
  async read(request: RangeRequest): Promise<Range> {
    return this.open(await this.fetch(request));
  }

  /**
   * Asks for the next range. When the node refuses it, a shorter one is tried, down to one block.
   *
   * @throws EndpointFailure if the endpoint does not answer; JsonRpcError if it refuses a single block.
   */
  async fetch({ endpoint, from, upTo, addresses, onAsk }: RangeRequest): Promise<FetchedRange> {
    for (;;) {
      const to = Math.min(upTo, from + this.size.blocks - 1);
      const query = { from, to, addresses };
      onAsk?.(query);
      try {
        const [headers, answer] = await Promise.all([
          this.reader.headers(endpoint, from, to),
          this.reader.logs(endpoint, query),
        ]);
        checkNotRefused(answer);
        return { endpoint, ...query, headers, answer };
      } catch (error) {
        this.size.failed();
        if (!(error instanceof JsonRpcError) || from === to) throw error;
      }
    }
  }

  /**
   * Reads the logs of a range. After one that cannot be read, as of an answer that was cut off, the next is shorter.
   *
   * @throws EndpointFailure if its blocks and logs do not fit together: the endpoint lies, or a reorg happened between
   * two requests.
   */
  open(fetched: FetchedRange): Range {
    try {
      const range = rangeOf(fetched);
      this.size.succeeded(range.logs.length);
      return range;
    } catch (error) {
      this.size.failed();
      throw error;
    }
  }
}

function rangeOf({ endpoint, from, to, addresses, headers, answer }: FetchedRange): Range {
  for (const [index, header] of headers.entries()) {
    const parent = headers[index - 1];
    if (parent !== undefined) checkLink(endpoint, parent, header);
  }
  const byNumber = new Map(headers.map((header) => [header.number, header]));
  return { endpoint, from, to, headers, answer, logs: parseLogs(answer, byNumber, new Set(addresses)) };
}

/** @throws EndpointFailure if `header` does not name `parent` as the block before it. */
export function checkLink(endpoint: RpcEndpoint, parent: BlockRef, header: Header | undefined): void {
  if (header?.parentHash !== parent.hash) {
    throw new EndpointFailure(`endpoint ${endpoint.label}: block ${parent.number + 1} has another parent`);
  }
}
