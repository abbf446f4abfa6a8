import type { Hex } from 'viem';
import type { ChainId } from '../../schema/caip';

/** A block by number and hash. Numbers are plain: no chain comes near 2^53 blocks. */
export interface BlockRef {
  readonly number: number;
  readonly hash: Hex;
}

/** How far a chain has been recorded: `head` may still be reorganised, `final` may not. */
export interface ChainPosition {
  readonly head: BlockRef;
  readonly final: BlockRef;
}

/** One log, its fields as JSON-RPC writes them but for the numbers; hex is in lower case. */
export interface ChainLog {
  readonly blockNumber: number;
  readonly logIndex: number;
  /** Seconds since 1970, as the block says. */
  readonly blockTime: number;
  readonly address: Hex;
  readonly topics: readonly Hex[];
  readonly data: Hex;
  readonly txHash: Hex;
  readonly blockHash: Hex;
}

/** Addresses that somebody watches on one chain. */
export interface WatchList {
  /** Searched from their first block to the cursor's head for at least one watcher: each new block is searched for them. */
  readonly current: readonly Hex[];
  /** Still to be searched in the past for some watcher, from `searchFrom` on. */
  readonly behind: readonly { readonly address: Hex; readonly searchFrom: number }[];
}

/** The new chain does not contain a block that was recorded as final. */
export interface Breach {
  /** The last block that both histories share; -1 if they share none. */
  readonly forkBlock: number;
  readonly oldHash: Hex;
  readonly newHash: Hex;
}

/** What one transaction records. */
export interface FollowerStep {
  readonly chainId: ChainId;
  /** The position that this step starts from; undefined for the first of a chain. Nothing is written if it has moved. */
  readonly before: ChainPosition | undefined;
  readonly after: ChainPosition;
  /** Blocks and logs above this number are removed first. */
  readonly rewindTo?: number;
  /** New entries of the hash history. */
  readonly blocks: readonly BlockRef[];
  readonly logs: readonly ChainLog[];
  /** Recorded blocks whose logs turned out to be others: these replace them. */
  readonly repairs: ReadonlyMap<number, readonly ChainLog[]>;
  readonly breach?: Breach;
  /** Search of the past: these addresses have been searched from `from` up to `to`. */
  readonly filled?: {
    readonly addresses: readonly Hex[];
    readonly from: number;
    readonly to: number;
    readonly isCaughtUp: boolean;
  };
}

/** Where a follower keeps what it has seen. */
export interface ChainStore {
  position(chainId: ChainId): Promise<ChainPosition | undefined>;
  watchList(chainId: ChainId): Promise<WatchList>;
  /** Up to `limit` recorded blocks at or below `number`, highest first. */
  blocksDown(chainId: ChainId, number: number, limit: number): Promise<BlockRef[]>;
  /** The recorded logs of the blocks `from` to `to`, in order. */
  logs(chainId: ChainId, from: number, to: number): Promise<ChainLog[]>;
  /**
   * Writes a step in one transaction, or nothing.
   *
   * @throws CursorMovedError if the recorded position is not `before`.
   */
  commit(step: FollowerStep): Promise<void>;
  /** Shows or clears the chain's alert; does nothing before the chain's first step. */
  setAlert(chainId: ChainId, alert: string | undefined): Promise<void>;
}

/** The right to write for one chain, held by one process at a time. */
export interface Lease {
  readonly isHeld: boolean;
  release(): Promise<void>;
}

export interface LeaderLock {
  /** @returns undefined if another process leads. */
  tryAcquire(chainId: ChainId): Promise<Lease | undefined>;
}
