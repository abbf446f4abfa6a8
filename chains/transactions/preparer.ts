import { randomUUID } from 'node:crypto';
import type { LocalAccount } from 'viem';
import type { Signers } from '../signers/signers';
import type { ChainDesk, Quote } from './chain-desk';
import type { ChainHead } from './chain-reader';
import { feeCapWei, overTotal, withinLimit } from './fee-limit';
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
import type { LaneStand, NonceLane, NonceLaneTx, TransactionStore } from './transaction-store';
import { Turns } from './turns';

/** A status and, if it was reached by signing, what was signed under which nonce. */
interface Prepared {
  readonly status: TransactionStatus;
  readonly attempt?: Attempt;
}

/** What was prepared does not fit the lane any more, as another process has used it meanwhile. */
const OUTRUN = Symbol('outrun');
/** How often a process may be outrun in a row; each time another one has got a transaction through. */
const MAX_RUNS = 100;

interface Stored {
  readonly transaction: ChainTransaction;
  readonly isNew: boolean;
}

/** A self-transfer carries no data. */
const NO_DATA = '0x';
const SELF_TRANSFER_GAS = 21_000n;

/**
 * Signs transactions. Everything that the network, or the service that has the key, must be asked is asked
 * before the database transaction in which the nonce is taken and the signed transaction stored.
 */
export class TransactionPreparer {
  private readonly turns = new Turns();

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
    return this.signOrHold(account, lane, intent, quote, async (tx, prepared) => {
      const known = await tx.find(intent.intentKey);
      if (known !== undefined) return { transaction: known, isNew: false };
      if (!fits(tx, prepared, quote)) return OUTRUN;
      const transaction = await tx.insert({ intent, ...prepared });
      await takeNonce(tx, prepared);
      return { transaction, isNew: true };
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
    const account = await this.signers.accountOf(transaction.tenantId, transaction.from);
    return this.signOrHold(account, transaction, transaction, quote, async (tx, prepared) => {
      const { status, attempt } = prepared;
      if (attempt === undefined && transaction.nonce === undefined && isHeldAlike(status, transaction))
        return undefined;
      if (!fits(tx, prepared, quote)) return OUTRUN;
      const changed = await tx.change(transaction, status, attempt);
      if (changed !== undefined) await takeNonce(tx, prepared);
      return changed;
    });
  }

  /**
   * Signs another attempt under the same nonce with higher fees.
   *
   * @returns The transaction as it stands: unchanged if a cap or limit on fees forbids it, held if the account
   *   cannot pay them; undefined if somebody else changed it meanwhile.
   */
  async raiseFees(
    desk: ChainDesk,
    transaction: ChainTransaction,
    head: ChainHead,
  ): Promise<ChainTransaction | undefined> {
    const previous = newestAttempt(transaction);
    const { feeLimit } = await this.store.laneStand(transaction);
    const fees = bumpedFees(previous, head, feeCapWei(this.settings.maxFeePerGasCapWei, feeLimit));
    if (fees === undefined) return transaction;

    const { nonce, gas } = previous;
    const costWei = worstCostWei(gas, fees, transaction.valueWei);
    if (overTotal(costWei, feeLimit) !== undefined) return transaction;
    const missingWei = costWei - (await desk.reader.balanceWei(transaction.from));
    if (missingWei > 0n) return this.hold(transaction, missingWei);

    const account = await this.signers.accountOf(transaction.tenantId, transaction.from);
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
    const account = await this.signers.accountOf(lane.tenantId, lane.from);
    const { feeLimit } = await this.store.laneStand(lane);
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
      fees: initialFees(head, feeCapWei(this.settings.maxFeePerGasCapWei, feeLimit)),
      signedAtBlock: head.blockNumber,
      signedAt: this.settings.now(),
    };
    const attempt = await signAttempt(account, intent, terms);
    return this.store.inNonceLane(lane, async (tx) => {
      if (await tx.holdsNonce(nonce)) return undefined;
      return tx.insert({
        intent,
        status: { state: TransactionState.Prepared, nonce },
        attempt,
        fillsGap: true,
      });
    });
  }

  /**
   * Signs under the nonce that the lane would give next, then has `keep` store that in the lane. When the lane
   * was used in between, what was signed is thrown away, unseen by anybody, and signed anew.
   */
  private signOrHold<T>(
    account: LocalAccount,
    lane: NonceLane,
    intent: TransactionIntent,
    quote: Quote,
    keep: (tx: NonceLaneTx, prepared: Prepared) => Promise<T | typeof OUTRUN>,
  ): Promise<T> {
    return this.turns.take(`${lane.tenantId} ${lane.chainId} ${lane.from}`, async () => {
      for (let run = 0; run < MAX_RUNS; run += 1) {
        const prepared = await this.prepareFor(account, intent, quote, await this.store.laneStand(lane));
        const kept = await this.store.inNonceLane(lane, (tx) => keep(tx, prepared));
        if (kept !== OUTRUN) return kept;
      }
      throw new Error(`other processes have used the lane of ${lane.from} ${MAX_RUNS} times in a row`);
    });
  }

  private async prepareFor(
    account: LocalAccount,
    intent: TransactionIntent,
    quote: Quote,
    { nextNonce, reservedWei, feeLimit }: LaneStand,
  ): Promise<Prepared> {
    const limited = withinLimit(quote, feeLimit);
    if ('kind' in limited) return { status: { state: TransactionState.Held, overLimit: limited } };
    const { fees, costWei } = limited;
    const missingWei = costWei + reservedWei - quote.balanceWei;
    if (missingWei > 0n) return { status: { state: TransactionState.Held, missingWei } };

    const nonce = Math.max(nextNonce, quote.pooledNonces);
    const { gas, blockNumber: signedAtBlock } = quote;
    const terms = { nonce, gas, fees, signedAtBlock, signedAt: this.settings.now() };
    return {
      status: { state: TransactionState.Prepared, nonce },
      attempt: await signAttempt(account, intent, terms),
    };
  }
}

/** Whether the lane still gives the nonce that was signed: then nobody has promised its money elsewhere either. */
function fits({ nextNonce }: NonceLaneTx, { attempt }: Prepared, { pooledNonces }: Quote): boolean {
  return attempt === undefined || attempt.nonce === Math.max(nextNonce, pooledNonces);
}

async function takeNonce(tx: NonceLaneTx, { attempt }: Prepared): Promise<void> {
  if (attempt !== undefined) await tx.takeNonce(attempt.nonce);
}

/** Whether two held transactions wait for the same; what one over a limit would need changes with each block. */
function isHeldAlike(one: TransactionStatus, other: TransactionStatus): boolean {
  return (
    one.missingWei === other.missingWei &&
    one.overLimit?.kind === other.overLimit?.kind &&
    one.overLimit?.limitWei === other.overLimit?.limitWei
  );
}
