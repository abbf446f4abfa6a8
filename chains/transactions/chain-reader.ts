import { setTimeout as delay } from 'node:timers/promises';
import {
  type Address,
  type Hex,
  type PublicClient,
  type TransactionReceipt,
  TransactionReceiptNotFoundError,
} from 'viem';
import type { EvmChain } from '../chain-table';
import type { FeeMarket } from './fees';
import { revertDataOf } from './revert-data';

/** The tip of a chain at one moment. */
export interface ChainHead extends FeeMarket {
  readonly blockNumber: bigint;
  /** The highest block that cannot be reorganised away, by the chain table's rule. */
  readonly finalBlock: bigint;
}

/** A transaction as a block lists it. */
export interface MinedTransaction {
  readonly hash: Hex;
  readonly blockNumber: bigint;
}

/** The call whose gas is to be estimated. */
export interface GasQuestion {
  readonly account: Address;
  readonly to: Address;
  readonly data: Hex;
  readonly value: bigint;
  readonly gas?: bigint;
}

/** `Panic(uint256)`, by which Solidity fails for reasons of its own: none of them is a rule of a contract of ours. */
const PANIC = '0x4e487b71';
const PANIC_TRIES = 3;
const PANIC_PAUSE_MS = 100;

/** What the transaction manager reads of one chain. */
export class ChainReader {
  constructor(
    private readonly client: PublicClient,
    private readonly finality: EvmChain['finality'],
  ) {}

  async head(): Promise<ChainHead> {
    const [latest, suggestedTipWei, finalTag] = await Promise.all([
      this.client.getBlock({ blockTag: 'latest' }),
      this.client.estimateMaxPriorityFeePerGas(),
      this.finality === 'finalized' ? this.client.getBlock({ blockTag: 'finalized' }) : undefined,
    ]);
    return {
      blockNumber: latest.number,
      finalBlock: finalTag?.number ?? this.finalByDepth(latest.number),
      baseFeeWei: latest.baseFeePerGas ?? 0n,
      suggestedTipWei,
    };
  }

  private finalByDepth(head: bigint): bigint {
    if (this.finality === 'finalized') throw new Error('the finalized block was not read');
    return head - BigInt(this.finality.depthBlocks);
  }

  balanceWei(address: Address): Promise<bigint> {
    return this.client.getBalance({ address });
  }

  /** How many nonces the account has used in blocks (`latest`), or there and in the pool without a gap (`pending`). */
  nonceCount(address: Address, blockTag: 'latest' | 'pending'): Promise<number> {
    return this.client.getTransactionCount({ address, blockTag });
  }

  async blockHash(blockNumber: bigint): Promise<Hex> {
    return (await this.client.getBlock({ blockNumber })).hash;
  }

  async receipt(hash: Hex): Promise<TransactionReceipt | undefined> {
    try {
      return await this.client.getTransactionReceipt({ hash });
    } catch (error) {
      if (error instanceof TransactionReceiptNotFoundError) return undefined;
      throw error;
    }
  }

  /**
   * @throws viem's error if the call would revert; see {@link revertDataOf}. A panic is asked about again first: a node
   * that has just got a block may run a call by the clock of the one and on the state of the other, where time has gone
   * backwards (seen on anvil under load).
   */
  async estimateGas(call: GasQuestion): Promise<bigint> {
    for (let tries = 1; ; tries += 1) {
      try {
        // Nodes disagree on the default block: on the pending one, calls that are not mined yet would count as made.
        // Without `prepare: false` viem asks for a nonce and fees first, which the estimate does not need.
        return await this.client.estimateGas({ ...call, blockTag: 'latest', prepare: false });
      } catch (error) {
        if (tries === PANIC_TRIES || revertDataOf(error)?.startsWith(PANIC) !== true) throw error;
      }
      await delay(PANIC_PAUSE_MS * tries);
    }
  }

  /**
   * What a transaction that ran and failed reverted with: receipts do not say, so the call is run again on the state
   * before its block; if it succeeds there, an earlier transaction of the block mattered, and it is run on the state
   * after the block. Undefined if it succeeds there, too.
   */
  async revertDataAt(
    blockNumber: bigint,
    call: { account: Address; to: Address; data: Hex; value: bigint; gas: bigint },
  ): Promise<Hex | undefined> {
    for (const height of [blockNumber - 1n, blockNumber]) {
      try {
        await this.client.call({ ...call, blockNumber: height });
      } catch (error) {
        const data = revertDataOf(error);
        if (data === undefined) throw error;
        return data;
      }
    }
    return undefined;
  }

  /**
   * Finds the transaction that used `nonce`, by bisection over the account's nonce at each height.
   * Needs an endpoint that has the states since `unusedAt`.
   *
   * @param unusedAt - A height at which the nonce was not used yet.
   * @returns Undefined if the block that the bisection ends at has no such transaction: the chain moved meanwhile.
   */
  async findNonceUser(
    address: Address,
    nonce: number,
    unusedAt: bigint,
    usedAt: bigint,
  ): Promise<MinedTransaction | undefined> {
    let [low, high] = [unusedAt, usedAt];
    while (high - low > 1n) {
      const middle = (low + high) / 2n;
      const used = await this.client.getTransactionCount({ address, blockNumber: middle });
      if (used > nonce) high = middle;
      else low = middle;
    }
    const block = await this.client.getBlock({ blockNumber: high, includeTransactions: true });
    const user = block.transactions.find(
      (candidate) => candidate.from.toLowerCase() === address.toLowerCase() && candidate.nonce === nonce,
    );
    return user && { hash: user.hash, blockNumber: high };
  }
}
