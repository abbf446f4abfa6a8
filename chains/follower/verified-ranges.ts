import type { Hex } from 'viem';
import type { EvmClient } from '../evm/rpc/evm-client';
import { RpcUnavailableError } from '../evm/rpc/rpc-errors';
import { BlockReader } from './block-reader';
import type { BlockRef, ChainLog } from './chain-store';
import { isSilence } from './endpoint-survey';
import { quorumOf } from './follower-choice';
import { RangeSize } from './range-size';
import { RangeSource } from './range-source';
import { RangeVerifier, repaired } from './range-verifier';

/** Blocks with the logs that they have, as a quorum of endpoints agrees and receipts prove where there is doubt. */
export interface VerifiedRange {
  readonly from: number;
  readonly to: number;
  /** Lowest first. */
  readonly blocks: readonly BlockRef[];
  readonly logs: readonly ChainLog[];
}

/** Reads blocks that are final anew, and believes them on the same grounds as a follower does. Keeps nothing. */
export class VerifiedRanges {
  private readonly reader: BlockReader;
  private readonly ranges: RangeSource;
  private readonly verifier: RangeVerifier;
  private readonly quorum: number;

  /** @param eventTopics - As a follower has them. */
  constructor(
    private readonly client: EvmClient,
    eventTopics: readonly Hex[],
  ) {
    this.quorum = quorumOf(client.endpoints.length);
    this.reader = new BlockReader(eventTopics);
    this.ranges = new RangeSource(this.reader, new RangeSize());
    this.verifier = new RangeVerifier(client.chainId, this.reader, this.quorum);
  }

  /** @throws RpcDisagreementError, or RpcUnavailableError with the cause if too few endpoints vouch for a range. */
  async *read(from: number, to: number, addresses: readonly Hex[]): AsyncGenerator<VerifiedRange> {
    for (let at = from; at <= to; ) {
      const range = await this.next(at, to, addresses);
      yield range;
      at = range.to + 1;
    }
  }

  /** The hashes of single blocks, in the order of `numbers`. @throws As {@link read}. */
  async hashesAt(numbers: readonly number[]): Promise<readonly Hex[]> {
    const votes = new Map<string, { readonly hashes: readonly Hex[]; count: number }>();
    let cause: unknown;
    for (const endpoint of this.client.endpoints) {
      try {
        const headers = await this.reader.headersAt(endpoint, numbers);
        const hashes = headers.flatMap((header) => header?.hash ?? []);
        if (hashes.length < numbers.length) continue;
        const vote = votes.get(hashes.join()) ?? { hashes, count: 0 };
        vote.count += 1;
        votes.set(hashes.join(), vote);
        if (vote.count >= this.quorum) return hashes;
      } catch (error) {
        if (!isSilence(error)) throw error;
        cause = error;
      }
    }
    throw new RpcUnavailableError(this.client.chainId, { cause });
  }

  private async next(from: number, upTo: number, addresses: readonly Hex[]): Promise<VerifiedRange> {
    const { endpoints, chainId } = this.client;
    let cause: unknown;
    for (const endpoint of endpoints) {
      try {
        const source = await this.ranges.read({ endpoint, from, upTo, addresses });
        const { to, headers, logs } = source;
        const hashes = headers.map(({ hash }) => hash);
        const { held, repairs } = await this.verifier.verify(
          { from, to, hashes, logs, addresses, source },
          endpoints.filter((other) => other !== endpoint),
        );
        if (held === undefined) {
          const blocks = headers.map(({ number, hash }) => ({ number, hash }));
          return { from, to, blocks, logs: repaired(logs, repairs) };
        }
        cause = new Error(held);
      } catch (error) {
        if (!isSilence(error)) throw error;
        cause = error;
      }
    }
    throw new RpcUnavailableError(chainId, { cause });
  }
}
