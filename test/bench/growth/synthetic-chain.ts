import { type Hex, keccak256 } from 'viem';
import type { ChainLog } from '../../../chains/follower/chain-store';
import { receiptsRoot } from '../../../chains/follower/receipts-root';
import { hexOf, type Life, type LifeLog, type Side } from './life';

const BLOOM_BYTES = 256;
const GAS_PER_TRANSACTION = 100_000;
const NO_HASH: Hex = `0x${'0'.repeat(64)}`;
const NO_ADDRESS: Hex = `0x${'0'.repeat(40)}`;

/** A block with all that a node can be asked about it. */
interface SyntheticBlock {
  readonly header: object;
  readonly receipts: readonly object[];
  readonly logs: readonly WireLog[];
}

interface WireLog {
  readonly address: Hex;
  readonly topics: readonly Hex[];
}

/** What `eth_getLogs` narrows by, as far as it is served. */
export interface LogFilter {
  readonly fromBlock: Hex;
  readonly toBlock: Hex;
  readonly address?: Hex | readonly Hex[];
  readonly topics?: readonly (Hex | readonly Hex[] | null)[];
}

/**
 * A chain on which nothing happens but the lives of works. Blocks are made when they are asked for, hashes follow from
 * their number; bloom filters and receipts' roots are those of the logs, so that a follower finds every log proven.
 */
export class SyntheticChain {
  /** The newest block. */
  head = 0;
  private readonly blocks = new Map<number, SyntheticBlock>();

  constructor(
    readonly eip155: number,
    private readonly side: Side,
    private readonly life: Life,
    /** Blocks that are kept once made. */
    private readonly kept: number,
  ) {}

  /** A block of the chain as it is; undefined above the head. */
  at(number: number): SyntheticBlock | undefined {
    return number > this.head ? undefined : this.block(number);
  }

  /** Makes blocks ahead of time. */
  prepare(from: number, to: number): void {
    for (let number = from; number <= to; number += 1) this.block(number);
  }

  logs({ fromBlock, toBlock, address, topics }: LogFilter): WireLog[] {
    const addresses = address === undefined ? undefined : listOf(address).map((one) => one.toLowerCase());
    const wanted = (log: WireLog) =>
      (addresses === undefined || addresses.includes(log.address)) &&
      (topics ?? []).every(
        (topic, index) => topic === null || listOf(topic).includes(log.topics[index] ?? '0x'),
      );
    const logs: WireLog[] = [];
    for (let number = Number(fromBlock); number <= Math.min(Number(toBlock), this.head); number += 1)
      for (const log of this.block(number).logs) if (wanted(log)) logs.push(log);
    return logs;
  }

  private block(number: number): SyntheticBlock {
    const known = this.blocks.get(number);
    if (known !== undefined) return known;
    const made = this.make(number);
    this.blocks.set(number, made);
    for (const oldest of this.blocks.keys()) {
      if (this.blocks.size <= this.kept) break;
      this.blocks.delete(oldest);
    }
    return made;
  }

  private make(number: number): SyntheticBlock {
    const transactions = this.life.transactions(this.side, number);
    const blockHash = blockHashOf(this.side, number);
    const blockNumber = quantity(number);
    const blockTimestamp = quantity(this.life.timeOf(number));
    const bloom = new Bloom();
    let logIndex = 0;
    const receipts = transactions.map((logs, index) => {
      const transactionHash = transactionHashOf(this.side, number, index);
      const transactionIndex = quantity(index);
      const own = new Bloom();
      const place = {
        blockHash,
        blockNumber,
        blockTimestamp,
        transactionHash,
        transactionIndex,
        removed: false,
      };
      const wire = logs.map(({ address, topics, data }) => {
        own.add(address, topics);
        bloom.add(address, topics);
        const log = { address: lower(address), topics, data, ...place, logIndex: quantity(logIndex) };
        logIndex += 1;
        return log;
      });
      return {
        type: '0x2',
        status: '0x1',
        cumulativeGasUsed: quantity((index + 1) * GAS_PER_TRANSACTION),
        gasUsed: quantity(GAS_PER_TRANSACTION),
        logs: wire,
        logsBloom: own.toHex(),
        blockHash,
        blockNumber,
        transactionHash,
        transactionIndex,
        from: NO_ADDRESS,
        to: lower(logs[0]?.address ?? NO_ADDRESS),
        contractAddress: null,
        effectiveGasPrice: '0x1',
      } as const;
    });
    return {
      receipts,
      logs: receipts.flatMap(({ logs }) => logs),
      header: {
        number: blockNumber,
        hash: blockHash,
        parentHash: number === 0 ? NO_HASH : blockHashOf(this.side, number - 1),
        timestamp: blockTimestamp,
        logsBloom: bloom.toHex(),
        receiptsRoot: receiptsRoot(receipts),
        gasLimit: quantity(30_000_000),
        gasUsed: quantity(receipts.length * GAS_PER_TRANSACTION),
        baseFeePerGas: '0x1',
        miner: NO_ADDRESS,
        transactions: receipts.map(({ transactionHash }) => transactionHash),
      },
    };
  }
}

export function blockHashOf(side: Side, number: number): Hex {
  return hexOf(`${side}/block/${number}`);
}

function transactionHashOf(side: Side, block: number, index: number): Hex {
  return hexOf(`${side}/block/${block}/transaction/${index}`);
}

/** The logs of a block as a follower records them. */
export function* chainLogsOf(
  life: Life,
  side: Side,
  blockNumber: number,
): Generator<ChainLog & Pick<LifeLog, 'facts'>> {
  const blockTime = life.timeOf(blockNumber);
  const blockHash = blockHashOf(side, blockNumber);
  let logIndex = 0;
  for (const [index, logs] of life.transactions(side, blockNumber).entries()) {
    const txHash = transactionHashOf(side, blockNumber, index);
    for (const { address, topics, data, facts } of logs) {
      yield {
        blockNumber,
        logIndex,
        blockTime,
        address: lower(address),
        topics,
        data,
        txHash,
        blockHash,
        facts,
      };
      logIndex += 1;
    }
  }
}

/** Ethereum Yellow Paper §4.4.3: three bits for each address and topic. */
class Bloom {
  private static readonly hashes = new Map<Hex, readonly number[]>();
  private readonly bytes = Buffer.alloc(BLOOM_BYTES);

  add(address: Hex, topics: readonly Hex[]): void {
    this.set(lower(address));
    for (const topic of topics) this.set(topic);
  }

  toHex(): Hex {
    return `0x${this.bytes.toString('hex')}`;
  }

  private set(value: Hex): void {
    for (const bit of Bloom.bitsOf(value)) {
      const at = BLOOM_BYTES - 1 - Math.floor(bit / 8);
      this.bytes[at] = (this.bytes[at] ?? 0) | (1 << (bit % 8));
    }
  }

  private static bitsOf(value: Hex): readonly number[] {
    const known = Bloom.hashes.get(value);
    if (known !== undefined) return known;
    const hashed = keccak256(value);
    const bits = [0, 1, 2].map(
      (pair) => Number.parseInt(hashed.slice(2 + pair * 4, 6 + pair * 4), 16) % 2_048,
    );
    // Contracts and selectors come again, tokens hardly.
    if (Bloom.hashes.size < 10_000) Bloom.hashes.set(value, bits);
    return bits;
  }
}

function listOf<T extends string>(value: T | readonly T[]): readonly T[] {
  return typeof value === 'string' ? [value] : value;
}

function lower(value: Hex): Hex {
  // CAST: lower case changes no digit.
  return value.toLowerCase() as Hex;
}

function quantity(value: number): Hex {
  return `0x${value.toString(16)}`;
}
