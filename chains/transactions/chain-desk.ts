import type { Address } from 'viem';
import type { EvmChain } from '../chain-table';
import type { ChainAccess } from './chain-access';
import { type ChainHead, ChainReader } from './chain-reader';
import { initialFees } from './fees';
import { revertDataOf } from './revert-data';
import type { TransactionSettings } from './settings';
import { type Fees, type TransactionIntent, worstCostWei } from './transaction';
import { ExecutionRevertedError } from './transaction-errors';

/** Gas of a plain transfer: no transaction costs less. */
const TRANSFER_GAS = 21_000n;
/** Percent of the estimate: another transaction may change what this one meets before it runs. */
const GAS_MARGIN = 125n;

/** What a first attempt would cost now. */
export interface Quote {
  readonly gas: bigint;
  readonly fees: Fees;
  readonly valueWei: bigint;
  readonly baseFeeWei: bigint;
  readonly costWei: bigint;
  readonly balanceWei: bigint;
  /** The account's next nonce by the network's pool, which also knows transactions that we did not send. */
  readonly pooledNonces: number;
  readonly blockNumber: bigint;
}

/**
 * One chain as transactions need it: its reader, its broadcast, and quotes at the present price of gas. What became
 * of transactions is read from the deployment's endpoints, whoever's sent them: finality is not a tenant's to decide.
 */
export class ChainDesk {
  readonly reader: ChainReader;
  private readonly quoting: ChainReader;
  private recent: { readonly head: Promise<ChainHead>; readonly untilMs: number } | undefined;

  constructor(
    readonly chain: EvmChain,
    /** Prices and sends: the tenant's own endpoints, where it has any. */
    readonly access: ChainAccess,
    observed: ChainAccess,
    private readonly settings: TransactionSettings,
  ) {
    this.reader = new ChainReader(observed.public, chain.finality);
    this.quoting = new ChainReader(access.public, chain.finality);
  }

  /**
   * Prices an intent for `from`.
   *
   * @throws {@link ExecutionRevertedError} if the contract refuses the call at present.
   */
  async quote(from: Address, intent: TransactionIntent): Promise<Quote> {
    const [head, balanceWei, pooledNonces] = await Promise.all([
      this.recentHead(),
      this.quoting.balanceWei(from),
      this.quoting.nonceCount(from, 'pending'),
    ]);
    const fees = initialFees(head, this.settings.maxFeePerGasCapWei);
    // Nodes refuse to estimate a call whose value the account does not have; what is missing is then
    // known without the exact gas.
    const gas = balanceWei < intent.valueWei ? (intent.gas ?? TRANSFER_GAS) : await this.gasFor(from, intent);
    const costWei = worstCostWei(gas, fees, intent.valueWei);
    const { blockNumber, baseFeeWei } = head;
    return {
      gas,
      fees,
      valueWei: intent.valueWei,
      baseFeeWei,
      costWei,
      balanceWei,
      pooledNonces,
      blockNumber,
    };
  }

  /** The head as of at most one block time ago: many intents are priced by one reading. */
  private recentHead(): Promise<ChainHead> {
    const nowMs = this.settings.now().getTime();
    if (this.recent === undefined || nowMs >= this.recent.untilMs) {
      const head = this.quoting.head();
      this.recent = { head, untilMs: nowMs + this.chain.blockTimeMs };
      head.catch(() => {
        this.recent = undefined; // the next caller reads again; this one's caller sees the failure
      });
    }
    return this.recent.head;
  }

  /** The intent's own limit if it has one: the estimate then only shows whether the contract agrees. */
  private async gasFor(account: Address, { to, data, valueWei, gas }: TransactionIntent): Promise<bigint> {
    try {
      const estimate = await this.quoting.estimateGas({
        account,
        to,
        data,
        value: valueWei,
        ...(gas !== undefined && { gas }),
      });
      return gas ?? (estimate * GAS_MARGIN) / 100n;
    } catch (error) {
      const revertData = revertDataOf(error);
      if (revertData === undefined) throw error;
      throw new ExecutionRevertedError(revertData, { cause: error });
    }
  }
}
