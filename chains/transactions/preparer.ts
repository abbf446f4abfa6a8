import { randomUUID } from 'node:crypto';
import type { LocalAccount } from 'viem';
import type { Signers } from '../signers/signers';
import type { ChainDesk, Quote } from './chain-desk';
import type { ChainHead } from './chain-reader';
import { bumpedFees, initialFees } from './fees';
import type { TransactionSettings } from './settings';
import { signAttempt } from './sign-attempt';
import {
  type Attempt,
  type ChainTransaction,
  newestAttempt,
  type TransactionIntent,
  TransactionState,
  type TransactionStatus,
  worstCostWei,
} from './transaction';
import { ExecutionRevertedError } from './transaction-errors';
import type { NonceLane, NonceLaneTx, TransactionStore } from './transaction-store';

/** A status and, if it was reached by signing, what was signed. */
interface Prepared {
  readonly status: TransactionStatus;
  readonly attempt?: Attempt;
}

interface Stored {
  readonly transaction: ChainTransaction;
  readonly isNew: boolean;
}

/** A self-transfer carries no data. */
const NO_DATA = '0x';
const SELF_TRANSFER_GAS = 21_000n;

/**
 * Signs transactions. Everything that the network must be asked is asked before the database
 * transaction, in which the nonce is taken, the transaction signed and stored.
 */
export class TransactionPreparer {
  constructor(
    private readonly store: TransactionStore,
    private readonly signers: Signers,
    private readonly settings: TransactionSettings,
  ) {}

  /**
   * Stores a new intent: signed, or held if the account cannot pay. An intent key that is known
   * already answers its transaction and stores nothing.
   *
   * @returns The transaction, and whether this call stored it.
   * @throws {@link ExecutionRevertedError}, with nothing stored.
   */
  async prepare(desk: ChainDesk, intent: TransactionIntent): Promise<Stored> {
    const account = await this.signers.accountFor(intent.tenantId, intent.chainId);
    const quote = await desk.quote(account.address, intent);
    const lane = { tenantId: intent.tenantId, chainId: intent.chainId, from: account.address };
    return this.store.inNonceLane(lane, async (tx) => {
      const known = await tx.find(intent.intentKey);
      if (known !== undefined) return { transaction: known, isNew: false };
      const prepared = await this.signOrHold(tx, account, intent, quote);
      return { transaction: await tx.insert({ intent, ...prepared }), isNew: true };
    });
  }

  /**
   * Tries again to sign a transaction that is held, or whose nonce another transaction has taken for
   * good. Drops it if the contract refuses it by now.
   *
   * @returns Undefined if nothing changed.
   */
  async prepareAgain(desk: ChainDesk, transaction: ChainTransaction): Promise<ChainTransaction | undefined> {
    let quote: Quote;
    try {
      quote = await desk.quote(transaction.from, transaction);
    } catch (error) {
      if (!(error instanceof ExecutionRevertedError)) throw error;
      return this.store.change(transaction, {
        state: TransactionState.Dropped,
        revertData: error.revertData,
      });
    }
    const account = await this.signers.accountFor(transaction.tenantId, transaction.chainId);
    return this.store.inNonceLane(transaction, async (tx) => {
      const { status, attempt } = await this.signOrHold(tx, account, transaction, quote);
      const unchanged = transaction.nonce === undefined && status.missingWei === transaction.missingWei;
      if (attempt === undefined && unchanged) return undefined;
      return tx.change(transaction, status, attempt);
    });
  }

  /**
   * Signs another attempt under the same nonce with higher fees.
   *
   * @returns The transaction as it stands: unchanged if the cap on fees forbids it, held if the account
   *   cannot pay them; undefined if somebody else changed it meanwhile.
   */
  async raiseFees(
    desk: ChainDesk,
    transaction: ChainTransaction,
    head: ChainHead,
  ): Promise<ChainTransaction | undefined> {
    const previous = newestAttempt(transaction);
    const fees = bumpedFees(previous, head, this.settings.maxFeePerGasCapWei);
    if (fees === undefined) return transaction;

    const { nonce, gas } = previous;
    const missingWei =
      worstCostWei(gas, fees, transaction.valueWei) - (await desk.reader.balanceWei(transaction.from));
    if (missingWei > 0n) return this.hold(transaction, missingWei);

    const account = await this.signers.accountFor(transaction.tenantId, transaction.chainId);
    const terms = { nonce, gas, fees, signedAtBlock: head.blockNumber, signedAt: this.settings.now() };
    const attempt = await signAttempt(account, transaction, terms);
    return this.store.change(transaction, { state: TransactionState.Prepared, nonce }, attempt);
  }

  /** Marks a signed transaction as lacking money. It keeps its nonce. */
  async hold(transaction: ChainTransaction, missingWei: bigint): Promise<ChainTransaction | undefined> {
    if (transaction.missingWei === missingWei) return transaction;
    const nonce = transaction.nonce;
    const status = { state: TransactionState.Held, missingWei, ...(nonce !== undefined && { nonce }) };
    return this.store.change(transaction, status);
  }

  /**
   * Signs a self-transfer of nothing at a nonce that no transaction holds while later ones wait for it.
   *
   * @returns Undefined if the nonce is held after all.
   */
  async prepareGapFiller(
    lane: NonceLane,
    nonce: number,
    head: ChainHead,
  ): Promise<ChainTransaction | undefined> {
    const account = await this.signers.accountFor(lane.tenantId, lane.chainId);
    const intent = {
      tenantId: lane.tenantId,
      chainId: lane.chainId,
      intentKey: `gap:${lane.chainId}:${nonce}:${randomUUID()}`,
      to: lane.from,
      data: NO_DATA,
      valueWei: 0n,
    } as const;
    const terms = {
      nonce,
      gas: SELF_TRANSFER_GAS,
      fees: initialFees(head, this.settings.maxFeePerGasCapWei),
      signedAtBlock: head.blockNumber,
      signedAt: this.settings.now(),
    };
    return this.store.inNonceLane(lane, async (tx) => {
      if (await tx.holdsNonce(nonce)) return undefined;
      const attempt = await signAttempt(account, intent, terms);
      return tx.insert({
        intent,
        status: { state: TransactionState.Prepared, nonce },
        attempt,
        fillsGap: true,
      });
    });
  }

  private async signOrHold(
    tx: NonceLaneTx,
    account: LocalAccount,
    intent: TransactionIntent,
    quote: Quote,
  ): Promise<Prepared> {
    const missingWei = quote.costWei + (await tx.reservedWei()) - quote.balanceWei;
    if (missingWei > 0n) return { status: { state: TransactionState.Held, missingWei } };

    const nonce = await tx.takeNonce(quote.pooledNonces);
    const { gas, fees, blockNumber: signedAtBlock } = quote;
    const terms = { nonce, gas, fees, signedAtBlock, signedAt: this.settings.now() };
    return {
      status: { state: TransactionState.Prepared, nonce },
      attempt: await signAttempt(account, intent, terms),
    };
  }
}
