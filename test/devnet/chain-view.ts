import type { Client, Hash } from 'viem';
import { getBlock } from 'viem/actions';

/** What a chain's logs amount to; `apply` takes them in their order on the chain. */
export interface LogReader<Log extends { readonly blockNumber: bigint }, Facts> {
  /** The logs of all blocks from `fromBlock` to the head. */
  read(fromBlock: bigint): Promise<readonly Log[]>;
  empty(): Facts;
  apply(facts: Facts, log: Log): void;
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
  private head: Hash | undefined;
  private lastFinal: { readonly number: bigint; readonly hash: Hash } | undefined;

  constructor(
    private readonly client: Client,
    private readonly reader: LogReader<Log, Facts>,
  ) {
    this.final = reader.empty();
    this.recent = reader.empty();
  }

  /** Brings both parts to the present. @throws viem errors if the node does not answer. */
  async refresh(): Promise<void> {
    const head = await getBlock(this.client, { blockTag: 'latest' });
    if (head.hash === this.head) return;
    const final = await getBlock(this.client, { blockTag: 'finalized' });
    if (!(await this.lastFinalStands())) {
      this.lastFinal = undefined;
      this.final = this.reader.empty();
    }
    const logs = await this.reader.read(this.lastFinal === undefined ? 0n : this.lastFinal.number + 1n);
    const recent = this.reader.empty();
    for (const log of logs) this.reader.apply(log.blockNumber <= final.number ? this.final : recent, log);
    this.recent = recent;
    this.lastFinal = { number: final.number, hash: final.hash };
    this.head = head.hash;
  }

  private async lastFinalStands(): Promise<boolean> {
    if (this.lastFinal === undefined) return true;
    const { number, hash } = this.lastFinal;
    const block: unknown = await this.client.request({
      method: 'eth_getBlockByNumber',
      params: [`0x${number.toString(16)}`, false],
    });
    return typeof block === 'object' && block !== null && 'hash' in block && block.hash === hash;
  }
}
