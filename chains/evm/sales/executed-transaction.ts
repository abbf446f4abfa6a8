import type { Address, Hex } from 'viem';
import type { ChainId } from '../../../schema/caip';

/** One log of a transaction. */
export interface TransactionLog {
  readonly address: Address;
  readonly topics: readonly Hex[];
  readonly data: Hex;
}

/** What a transaction did, as far as logs and value tell it. Money that contracts passed on natively leaves no log. */
export interface ExecutedTransaction {
  readonly chainId: ChainId;
  readonly hash: Hex;
  readonly blockNumber: number;
  readonly blockHash: Hex;
  readonly from: Address;
  /** Null if it made a contract. */
  readonly to: Address | null;
  readonly valueWei: bigint;
  /** In order. A log's place here survives a reorg, its number in the block does not. */
  readonly logs: readonly TransactionLog[];
}
