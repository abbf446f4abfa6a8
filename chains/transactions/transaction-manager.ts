import { setTimeout as delay } from 'node:timers/promises';
import type { ChainId } from '../../schema/caip';
import type { TenantId } from '../../schema/ids';
import { actingFor } from '../../tenants/acting-tenant';
import type { ChainTable } from '../chain-table';
import type { Signers } from '../signers/signers';
import type { ChainAccess, TenantChains } from './chain-access';
import { ChainDesk } from './chain-desk';
import { type ChainHead, ChainReader } from './chain-reader';
import { LaneDriver } from './lane-driver';
import { offer } from './offer';
import { TransactionPreparer } from './preparer';
import type { TransactionSettings } from './settings';
import { type ChainTransaction, type TransactionIntent, TransactionState } from './transaction';
import { ExecutionRevertedError } from './transaction-errors';
import type { TransactionStore } from './transaction-store';

/** See {@link TransactionSettings.maxRoundMs}. */
const MAX_ROUND_MS = 10_000;

/**
 * Sends the tenants' transactions, each intent exactly once however often a process dies.
 *
 * Accounts are per tenant and chain, with one sequence of nonces each. A signed transaction is
 * stored before it is broadcast; all attempts of an intent under one nonce exclude each other on
 * chain; another nonce is taken only when somebody else's transaction has used the old one for good.
 */
export class TransactionManager {
  /** Tenants without endpoints of their own share a desk, and its reading of the head; no others do. */
  private readonly desks = new WeakMap<ChainAccess, ChainDesk>();
  private readonly ticking = new Map<ChainId, Promise<void>>();
  /** Rounds of one tenant on one chain that are under way. */
  private readonly rounds = new Map<string, Promise<void>>();
  private readonly preparer: TransactionPreparer;

  constructor(
    private readonly store: TransactionStore,
    signers: Signers,
    private readonly accesses: TenantChains,
    private readonly chains: ChainTable,
    private readonly settings: TransactionSettings,
  ) {
    this.preparer = new TransactionPreparer(store, signers, settings);
  }

  /**
   * Signs, stores and broadcasts what the intent asks for. Asking again with the same intent key, be it at the same
   * time, answers the first transaction and sends nothing.
   *
   * The answer to the first call is `broadcast`; or `prepared`, when no endpoint took it ({@link tick}
   * offers it again); or `held`, with what the account lacks.
   *
   * @throws {@link ExecutionRevertedError} if the contract refuses the call: nothing is stored, no nonce taken.
   * @throws The RPC's error if the chain could not be asked: nothing is stored either.
   */
  async submit(intent: TransactionIntent): Promise<ChainTransaction> {
    const known = await this.store.find(intent.tenantId, intent.intentKey);
    if (known !== undefined) return known;
    const desk = await this.deskOf(intent.tenantId, intent.chainId);
    const stored = await this.preparer.prepare(desk, intent).catch(async (error: unknown) => {
      if (!(error instanceof ExecutionRevertedError)) throw error;
      // A contract may refuse the call just because somebody has made it for this intent since we looked.
      const made = await this.store.find(intent.tenantId, intent.intentKey);
      if (made === undefined) throw error;
      return { transaction: made, isNew: false };
    });
    const { transaction, isNew } = stored;
    // Whoever stored it broadcasts it; if that one died, the next tick does.
    if (!isNew || transaction.state !== TransactionState.Prepared) return transaction;
    return offer(transaction, desk, this.store, this.preparer, this.settings);
  }

  /** The transaction of an intent, as it stands. */
  find(tenantId: TenantId, intentKey: string): Promise<ChainTransaction | undefined> {
    return this.store.find(tenantId, intentKey);
  }

  /**
   * Moves all unfinished transactions of a chain along: receipts, finality, higher fees, rebroadcast,
   * gaps, held ones. Call it at each block; without unfinished transactions it costs one query. A call
   * during another one for the same chain joins it. One tenant's failure is reported and leaves the others alone,
   * and its slowness holds them up for ten seconds at most.
   *
   * @throws The RPC's error if the head of the chain could not be read.
   */
  tick(chainId: ChainId): Promise<void> {
    const running =
      this.ticking.get(chainId) ?? this.driveAll(chainId).finally(() => this.ticking.delete(chainId));
    this.ticking.set(chainId, running);
    return running;
  }

  /**
   * Looks again at the transactions that were final in blocks from `fromBlock` on, after the chain broke
   * its promise of finality: the next ticks send again what fell.
   */
  reopen(chainId: ChainId, fromBlock: bigint): Promise<void> {
    return this.store.reopen(chainId, fromBlock);
  }

  private async driveAll(chainId: ChainId): Promise<void> {
    const tenantIds = await this.store.tenantsWithUnfinished(chainId);
    if (tenantIds.length === 0) return;
    const { finality } = this.chains.get(chainId);
    const head = await new ChainReader(this.accesses.get(chainId).public, finality).head();
    const rounds = Promise.all(tenantIds.map((tenantId) => this.round(tenantId, chainId, head)));
    const over = new AbortController();
    const waited = delay(this.settings.maxRoundMs ?? MAX_ROUND_MS, undefined, { signal: over.signal }).catch(
      (error: unknown) => {
        if (!over.signal.aborted) throw error;
      },
    );
    await Promise.race([rounds, waited]).finally(() => over.abort());
  }

  /** A tenant's endpoints may be slow: its round is joined and not begun again while it lasts. */
  private round(tenantId: TenantId, chainId: ChainId, head: ChainHead): Promise<void> {
    const place = `${chainId} ${tenantId}`;
    const running =
      this.rounds.get(place) ??
      actingFor(tenantId, () => this.driveTenant(tenantId, chainId, head))
        .catch((problem) => this.settings.report(problem, { tenantId, chainId }))
        .finally(() => this.rounds.delete(place));
    this.rounds.set(place, running);
    return running;
  }

  private async driveTenant(tenantId: TenantId, chainId: ChainId, head: ChainHead): Promise<void> {
    const desk = await this.deskOf(tenantId, chainId);
    const transactions = await this.store.unfinished(tenantId, chainId);
    for (const from of new Set(transactions.map((transaction) => transaction.from))) {
      const driver = new LaneDriver(desk, head, this.store, this.preparer, this.settings);
      const ofAccount = transactions.filter((transaction) => transaction.from === from);
      await driver.drive({ tenantId, chainId, from }, ofAccount);
    }
  }

  private async deskOf(tenantId: TenantId, chainId: ChainId): Promise<ChainDesk> {
    const access = await this.accesses.for(tenantId, chainId);
    const desk =
      this.desks.get(access) ??
      new ChainDesk(this.chains.get(chainId), access, this.accesses.get(chainId), this.settings);
    this.desks.set(access, desk);
    return desk;
  }
}
