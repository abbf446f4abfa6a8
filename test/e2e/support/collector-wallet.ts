import {
  type Address,
  createPublicClient,
  type Hex,
  http,
  keccak256,
  type PublicClient,
  parseGwei,
} from 'viem';
import type { HDAccount } from 'viem/accounts';
import { type ChainId, eip155Number } from '../../../schema/caip';
import type { PreparedSend } from '../../../schema/types/dispatch';

/** Above any base fee of the devnet, so that nothing has to be bumped: bumping is the platform's to prove. */
const MAX_FEE_PER_GAS = parseGwei('200');
const PRIORITY_FEE_PER_GAS = parseGwei('1');

interface Sent {
  readonly nonce: number;
  readonly hash: Hex;
  readonly raw: Hex;
}

/** A collector's wallet on one chain: sends what was prepared for it, and sends again what a reorg has lost. */
export class CollectorWallet {
  private readonly client: PublicClient;
  private nextNonce: number | undefined;
  /** By nonce; what is final is forgotten. */
  private open: Sent[] = [];
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly account: HDAccount,
    private readonly chainId: ChainId,
    rpcUrl: string,
  ) {
    this.client = createPublicClient({ transport: http(rpcUrl) });
  }

  /** Signs and sends. @throws viem's error if the contract refuses the call at present. */
  send(prepared: Pick<PreparedSend, 'to' | 'data' | 'valueWei'>): Promise<void> {
    return this.exclusively(async () => {
      // CAST: a prepared call is an address and calldata in hex.
      const call = {
        to: prepared.to as Address,
        data: prepared.data as Hex,
        value: BigInt(prepared.valueWei),
      };
      const gas = await this.client.estimateGas({ account: this.account, ...call, prepare: false });
      const { address } = this.account;
      const nonce =
        this.nextNonce ?? (await this.client.getTransactionCount({ address, blockTag: 'pending' }));
      const raw = await this.account.signTransaction({
        ...call,
        type: 'eip1559',
        chainId: eip155Number(this.chainId),
        nonce,
        gas: (gas * 3n) / 2n,
        maxFeePerGas: MAX_FEE_PER_GAS,
        maxPriorityFeePerGas: PRIORITY_FEE_PER_GAS,
      });
      const hash = keccak256(raw);
      await this.broadcast({ hash, raw });
      this.open.push({ nonce, hash, raw });
      this.nextNonce = nonce + 1;
    });
  }

  /**
   * Sends again what the chain knows no longer.
   *
   * @returns How many that were.
   * @throws Error if one of its transactions failed for good.
   */
  keep(): Promise<number> {
    return this.exclusively(async () => {
      if (this.open.length === 0) return 0;
      await this.forgetFinal();
      const { address } = this.account;
      const known = await this.client.getTransactionCount({ address, blockTag: 'pending' });
      const lost = this.open.filter(({ nonce }) => nonce >= known);
      for (const sent of lost) await this.broadcast(sent);
      return lost.length;
    });
  }

  /** A transaction behind a gap is still in the node's queue though its nonce is not counted: that is no failure. */
  private async broadcast({ hash, raw }: Pick<Sent, 'hash' | 'raw'>): Promise<void> {
    try {
      await this.client.sendRawTransaction({ serializedTransaction: raw });
    } catch (error) {
      const known = await this.client.request({ method: 'eth_getTransactionByHash', params: [hash] });
      if (known === null) throw error;
    }
  }

  private async forgetFinal(): Promise<void> {
    const { address } = this.account;
    const finalCount = await this.client.getTransactionCount({ address, blockTag: 'finalized' });
    for (const { hash, nonce } of this.open.filter((sent) => sent.nonce < finalCount)) {
      const { status } = await this.client.getTransactionReceipt({ hash });
      if (status !== 'success')
        throw new Error(`${hash} (nonce ${nonce}) of ${address} failed on ${this.chainId}`);
    }
    this.open = this.open.filter(({ nonce }) => nonce >= finalCount);
  }

  private exclusively<T>(act: () => Promise<T>): Promise<T> {
    const done = this.last.then(act);
    this.last = done.catch(() => undefined); // the caller has the failure; the next one goes on
    return done;
  }
}
