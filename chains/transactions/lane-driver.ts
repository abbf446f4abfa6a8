import type { Hex, TransactionReceipt } from 'viem';
import type { ChainDesk } from './chain-desk';
import type { ChainHead } from './chain-reader';
import { type LaneView, nextStep } from './next-step';
import { offer } from './offer';
import type { TransactionPreparer } from './preparer';
import type { TransactionSettings } from './settings';
import { type ChainTransaction, liveAttempts, TransactionState } from './transaction';
import type { NonceLane, TransactionStore } from './transaction-store';

/** How many receipts and block hashes are asked for at once. */
const PARALLEL_READS = 16;

/** Moves the unfinished transactions of one nonce lane along, as far as the chain allows at this moment. */
export class LaneDriver {
  private readonly blockHashes = new Map<bigint, Promise<Hex>>();

  constructor(
    private readonly desk: ChainDesk,
    private readonly head: ChainHead,
    private readonly store: TransactionStore,
    private readonly preparer: TransactionPreparer,
    private readonly settings: TransactionSettings,
  ) {}

  /** @param transactions - All unfinished ones of the lane, by nonce, then by age. */
  async drive(lane: NonceLane, transactions: readonly ChainTransaction[]): Promise<void> {
    const [usedNonces, pooledNonces] = await Promise.all([
      this.desk.reader.nonceCount(lane.from, 'latest'),
      this.desk.reader.nonceCount(lane.from, 'pending'),
    ]);
    const view = { head: this.head, usedNonces, pooledNonces, ...this.timing() };
    const planned = transactions.map((transaction) => ({ transaction, step: nextStep(transaction, view) }));

    const reads = planned.filter(({ step }) => step === 'confirm' || step === 'locate');
    for (let at = 0; at < reads.length; at += PARALLEL_READS) {
      await Promise.all(
        reads
          .slice(at, at + PARALLEL_READS)
          .map(({ transaction, step }) =>
            step === 'confirm' ? this.confirm(transaction) : this.locate(transaction),
          ),
      );
    }
    // In the order of nonces, so that an endpoint's pool never sees one before those that it waits for.
    for (const { transaction, step } of planned) {
      if (step === 'offer') await this.offer(transaction);
      if (step === 'bump') await this.bump(transaction);
    }
    await this.fillGap(lane, transactions, view);
    await this.resumeHeld(
      planned.filter(({ step }) => step === 'sign').map(({ transaction }) => transaction),
    );
  }

  private timing(): Pick<LaneView, 'now' | 'bumpAfterMs'> {
    return {
      now: this.settings.now(),
      bumpAfterMs: this.settings.bumpAfterBlocks * this.desk.chain.blockTimeMs,
    };
  }

  /** A block that fell takes its transactions along: they count as pending again and are offered anew. */
  private async confirm(transaction: ChainTransaction): Promise<void> {
    const { inclusion, nonce } = transaction;
    if (inclusion === undefined || nonce === undefined) throw new Error(`${transaction.id} is mined nowhere`);
    // An endpoint that is behind cannot tell, nor can a chain that has become shorter, until it has grown again.
    if (inclusion.blockNumber > this.head.blockNumber) return;

    if ((await this.blockHash(inclusion.blockNumber)) !== inclusion.blockHash) {
      await this.store.change(transaction, { state: TransactionState.Broadcast, nonce });
      return;
    }
    if (inclusion.blockNumber > this.head.finalBlock) return;
    const { revertData } = transaction;
    await this.store.change(transaction, {
      state: TransactionState.Final,
      nonce,
      inclusion,
      ...(revertData !== undefined && { revertData }),
    });
  }

  private blockHash(blockNumber: bigint): Promise<Hex> {
    const known = this.blockHashes.get(blockNumber) ?? this.desk.reader.blockHash(blockNumber);
    this.blockHashes.set(blockNumber, known);
    return known;
  }

  private async locate(transaction: ChainTransaction): Promise<void> {
    for (const { hash } of liveAttempts(transaction)) {
      const receipt = await this.desk.reader.receipt(hash);
      if (receipt !== undefined) return this.recordInclusion(transaction, receipt);
    }
    await this.yieldNonce(transaction);
  }

  private async recordInclusion(transaction: ChainTransaction, receipt: TransactionReceipt): Promise<void> {
    const { nonce, from, to, data, valueWei } = transaction;
    if (nonce === undefined) throw new Error(`transaction ${transaction.id} has no nonce`);
    const succeeded = receipt.status === 'success';
    const attempt = liveAttempts(transaction).find(({ hash }) => hash === receipt.transactionHash);
    if (attempt === undefined)
      throw new Error(`${receipt.transactionHash} is no attempt of ${transaction.id}`);

    const call = { account: from, to, data, value: valueWei, gas: attempt.gas };
    const revertData = succeeded ? undefined : await this.desk.reader.revertDataAt(receipt.blockNumber, call);
    const { blockNumber, blockHash } = receipt;
    await this.store.change(transaction, {
      state: blockNumber <= this.head.finalBlock ? TransactionState.Final : TransactionState.Mined,
      nonce,
      inclusion: { hash: attempt.hash, blockNumber, blockHash, succeeded },
      ...(revertData !== undefined && { revertData }),
    });
  }

  /**
   * The nonce is used, and by none of our attempts. Only the transaction that used it, found in a
   * final block, frees the intent to take another nonce: anything less might let both happen.
   */
  private async yieldNonce(transaction: ChainTransaction): Promise<void> {
    const { nonce, from } = transaction;
    const [oldest] = liveAttempts(transaction).slice(-1);
    if (nonce === undefined || oldest === undefined) throw new Error(`${transaction.id} was never signed`);

    const user = await this.desk.reader.findNonceUser(
      from,
      nonce,
      oldest.signedAtBlock,
      this.head.blockNumber,
    );
    // Ours: its receipt comes later. None: the chain moved while we looked.
    if (user === undefined || liveAttempts(transaction).some(({ hash }) => hash === user.hash)) return;

    if (user.blockNumber > this.head.finalBlock) {
      if (transaction.replacedBy === user.hash) return;
      await this.store.change(transaction, {
        state: TransactionState.Replaced,
        nonce,
        replacedBy: user.hash,
      });
    } else if (transaction.fillsGap) {
      await this.store.change(transaction, { state: TransactionState.Dropped, nonce, replacedBy: user.hash });
    } else {
      const prepared = await this.preparer.prepareAgain(this.desk, transaction);
      if (prepared?.state === TransactionState.Prepared) await this.offer(prepared);
    }
  }

  private async offer(transaction: ChainTransaction): Promise<void> {
    await offer(transaction, this.desk, this.store, this.preparer, this.settings);
  }

  private async bump(transaction: ChainTransaction): Promise<void> {
    const raised = await this.preparer.raiseFees(this.desk, transaction, this.head);
    if (raised !== undefined && raised.state !== TransactionState.Held) await this.offer(raised);
  }

  /** The network takes nothing beyond the lowest nonce that neither it nor we have a transaction for. */
  private async fillGap(
    lane: NonceLane,
    transactions: readonly ChainTransaction[],
    { pooledNonces: gap }: LaneView,
  ): Promise<void> {
    const holdsGap = transactions.some(({ nonce }) => nonce === gap);
    const blocked = transactions.some(({ nonce }) => nonce !== undefined && nonce > gap);
    if (holdsGap || !blocked) return;
    const filler = await this.preparer.prepareGapFiller(lane, gap, this.head);
    if (filler !== undefined) await this.offer(filler);
  }

  /**
   * First come, first served: the first one that still lacks money ends the round. One that is over a limit
   * lets the others pass, which may cost less.
   */
  private async resumeHeld(held: readonly ChainTransaction[]): Promise<void> {
    for (const transaction of held) {
      const resumed = await this.preparer.prepareAgain(this.desk, transaction);
      if (resumed?.state === TransactionState.Prepared) await this.offer(resumed);
      else if (lacksMoney(resumed ?? transaction)) return;
    }
  }
}

function lacksMoney({ state, missingWei }: ChainTransaction): boolean {
  return state === TransactionState.Held && missingWei !== undefined;
}
