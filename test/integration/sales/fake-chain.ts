import { type Hex, keccak256, toHex } from 'viem';
import type { RpcCall } from '../../../chains/evm/rpc/rpc-endpoint';
import { JsonRpcError } from '../../../chains/evm/rpc/rpc-errors';
import type { TransactionLog } from '../../../chains/evm/sales/executed-transaction';
import { at, hashOf } from '../../support/sale-logs';

const START_SECONDS = Date.UTC(2026, 5, 1) / 1_000;
const BLOCK_SECONDS = 12;

/** A transaction that can be put into a block. */
export interface FakeTransaction {
  readonly hash: Hex;
  readonly from: Hex;
  readonly to: Hex;
  readonly value: bigint;
  readonly logs: readonly TransactionLog[];
}

export interface FakeBlock {
  readonly number: number;
  readonly hash: Hex;
  /** Seconds since 1970. */
  readonly time: number;
  readonly transactions: readonly FakeTransaction[];
}

/** What a node answers about a transaction, given what is true. */
export type Lie = (
  transaction: FakeTransaction,
) => FakeTransaction | undefined | Promise<FakeTransaction | undefined>;

/** A chain in memory, as nodes tell of it over JSON-RPC. */
export class FakeChain {
  blocks: FakeBlock[] = [];
  final = -1;
  private forks = 0;

  mine(...transactions: readonly FakeTransaction[]): FakeBlock {
    const number = this.blocks.length;
    const block = {
      number,
      hash: keccak256(toHex(`${this.forks}/${number}`)),
      time: START_SECONDS + number * BLOCK_SECONDS,
      transactions,
    };
    this.blocks.push(block);
    return block;
  }

  /** Takes the last blocks away. What is mined next has other hashes. */
  drop(depth: number): void {
    this.forks += 1;
    this.blocks = this.blocks.slice(0, -depth);
  }

  finalise(): void {
    this.final = this.blocks.length - 1;
  }

  /** A node of the chain. */
  node(lie: Lie = (transaction) => transaction) {
    return {
      request: async ({ method, params: [hash] }: RpcCall): Promise<unknown> => {
        for (const block of this.blocks) {
          const found = block.transactions.find((transaction) => transaction.hash === hash);
          const told = found && (await lie(found));
          if (told === undefined) continue;
          const { from, to, value } = told;
          if (method === 'eth_getTransactionByHash') return { from, to, value: toHex(value) };
          const logs = told.logs.map((log, index) => ({ ...log, logIndex: toHex(index) }));
          return { blockHash: block.hash, blockNumber: toHex(block.number), status: '0x1', logs };
        }
        if (!method.startsWith('eth_getTransaction'))
          throw new JsonRpcError(method, -32601, 'unknown', undefined);
        return null;
      },
    };
  }
}

let made = 0;

/** A transaction with these logs, and a hash of its own. */
export function fakeTransaction(
  logs: readonly TransactionLog[],
  over: Partial<FakeTransaction> = {},
): FakeTransaction {
  made += 1;
  return { hash: hashOf(1_000 + made), from: at(0x99), to: at(0x88), value: 0n, logs, ...over };
}
