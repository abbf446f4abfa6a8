import { setTimeout as delay } from 'node:timers/promises';
import type { Address, Client, Hash, Hex, LocalAccount } from 'viem';
import { getTransactionCount, getTransactionReceipt, sendRawTransaction } from 'viem/actions';

/** A transaction to send. Gas is given, never estimated: what it builds on may be in the same batch. */
export interface Call {
  readonly to: Address;
  readonly data: Hex;
  readonly gas: bigint;
  readonly value?: bigint;
}

/** High enough that no base fee of a test holds the networks up; the account is rich. */
const MAX_FEE_PER_GAS = 10_000n * 10n ** 9n;
const PRIORITY_FEE_PER_GAS = 10n ** 9n;
/** After this the caller looks at the chain again instead of waiting on. */
const MINED_WITHIN_MS = 30_000;

/** Sends the transactions of one account on one chain, batch after batch. */
export class Transactor {
  constructor(
    private readonly client: Client,
    private readonly account: LocalAccount,
    private readonly eip155: number,
    private readonly pollMs: number,
  ) {}

  /**
   * Sends a batch in order and waits until it is mined.
   *
   * @returns How many of its transactions were mined and did not revert; undefined if that is unknown: an
   *   earlier batch still waits (and nothing was sent), or this one vanished or waits too long.
   */
  async submit(calls: readonly Call[]): Promise<number | undefined> {
    const nonce = await this.countOf('latest');
    if ((await this.countOf('pending')) > nonce) return undefined;
    const hashes: Hash[] = [];
    for (const [index, call] of calls.entries()) hashes.push(await this.send(call, nonce + index));
    if (!(await this.mined(nonce + calls.length))) return undefined;
    return this.countSuccesses(hashes);
  }

  private async send({ to, data, gas, value = 0n }: Call, nonce: number): Promise<Hash> {
    const serializedTransaction = await this.account.signTransaction({
      type: 'eip1559',
      chainId: this.eip155,
      nonce,
      to,
      data,
      gas,
      value,
      maxFeePerGas: MAX_FEE_PER_GAS,
      maxPriorityFeePerGas: PRIORITY_FEE_PER_GAS,
    });
    return sendRawTransaction(this.client, { serializedTransaction });
  }

  /** False if the transactions vanished from the node, as a reorg makes them, or wait too long. */
  private async mined(nonce: number): Promise<boolean> {
    const deadline = Date.now() + MINED_WITHIN_MS;
    while (Date.now() < deadline) {
      if ((await this.countOf('latest')) >= nonce) return true;
      if ((await this.countOf('pending')) < nonce) return false;
      await delay(this.pollMs);
    }
    return false;
  }

  private countOf(blockTag: 'latest' | 'pending'): Promise<number> {
    return getTransactionCount(this.client, { address: this.account.address, blockTag });
  }

  private async countSuccesses(hashes: readonly Hash[]): Promise<number> {
    let successes = 0;
    for (const hash of hashes) {
      const { status } = await getTransactionReceipt(this.client, { hash });
      if (status === 'success') successes += 1;
      else console.error(`transaction ${hash} on eip155:${this.eip155} reverted`);
    }
    return successes;
  }
}
