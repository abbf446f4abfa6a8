import { type Abi, type Address, parseEventLogs, type RpcLog } from 'viem';
import { z } from 'zod';
import { hexSchema } from './deliverer';
import { quantity, rpc, rpcBatch } from './json-rpc';

const blockSchema = z.object({ hash: hexSchema, number: hexSchema.transform(BigInt) });
type Block = z.output<typeof blockSchema>;

/** What a chain's logs amount to; `apply` takes them in their order on the chain. */
export interface LogReader<Log extends { readonly blockNumber: bigint }, Facts> {
  /** The logs of all blocks from `fromBlock` to the head. */
  read(fromBlock: bigint): Promise<readonly Log[]>;
  empty(): Facts;
  apply(facts: Facts, log: Log): void;
}

/**
 * The events of an ABI that contracts have emitted in all blocks from `fromBlock` to the head.
 *
 * In most blocks there is none, which viem's `getLogs` finds out after hashing every event's signature.
 */
export async function readEvents<const Events extends Abi>(
  rpcUrl: string,
  { address, abi, fromBlock }: { address: readonly Address[]; abi: Events; fromBlock: bigint },
) {
  const filter = { address, fromBlock: quantity(fromBlock), toBlock: 'latest' };
  // CAST: what eth_getLogs answers; parseEventLogs decodes it.
  const logs = (await rpc(rpcUrl, 'eth_getLogs', [filter])) as RpcLog[];
  return logs.length === 0 ? [] : parseEventLogs({ abi, logs, strict: true });
}

/**
 * What one chain says now, in two parts: what is final, and what the blocks above may still take back.
 *
 * The part above finality is read anew at each block, so a reorg needs no handling of its own. A reorg
 * past finality shows as another hash at the last final block read, and everything is read again.
 */
export class ChainView<Log extends { readonly blockNumber: bigint }, Facts> {
  final: Facts;
  recent: Facts;
  private head: Block | undefined;
  private lastFinal: Block | undefined;

  constructor(
    private readonly rpcUrl: string,
    private readonly reader: LogReader<Log, Facts>,
  ) {
    this.final = reader.empty();
    this.recent = reader.empty();
  }

  /** Brings both parts to the present. @throws Whatever a node says that does not answer. */
  async refresh(): Promise<void> {
    const { head, final, stands } = await this.look();
    if (head.hash === this.head?.hash) return;
    if (!stands) {
      this.lastFinal = undefined;
      this.final = this.reader.empty();
    }
    const logs = await this.reader.read(this.lastFinal === undefined ? 0n : this.lastFinal.number + 1n);
    const recent = this.reader.empty();
    for (const log of logs) this.reader.apply(log.blockNumber <= final.number ? this.final : recent, log);
    this.recent = recent;
    this.lastFinal = final;
    this.head = head;
  }

  /** One request, as most looks find nothing new. `stands`: the last final block that was read is still the chain's. */
  private async look(): Promise<{ head: Block; final: Block; stands: boolean }> {
    const tags = [
      'latest',
      'finalized',
      ...(this.lastFinal === undefined ? [] : [quantity(this.lastFinal.number)]),
    ];
    const blocks = await rpcBatch(
      this.rpcUrl,
      tags.map((tag) => ({ method: 'eth_getBlockByNumber', params: [tag, false] })),
    );
    const [head, final, last] = blocks.map((block) => blockSchema.nullable().parse(block));
    if (!head || !final) throw new Error('the node knows no head, or no final block');
    return { head, final, stands: last?.hash === this.lastFinal?.hash };
  }
}
