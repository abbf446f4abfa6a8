import type { ChainId } from '../../schema/caip';
import type { TenantId } from '../../schema/ids';
import { actingFor } from '../../tenants/acting-tenant';
import type { ChainTable } from '../chain-table';
import type { Signers } from '../signers/signers';
import type { ChainAccesses } from './chain-access';
import { ChainDesk } from './chain-desk';
import type { ChainHead } from './chain-reader';
import { LaneDriver } from './lane-driver';
import { offer } from './offer';
import { TransactionPreparer } from './preparer';
import type { TransactionSettings } from './settings';
import { type ChainTransaction, type TransactionIntent, TransactionState } from './transaction';
import type { TransactionStore } from './transaction-store';

/**
 * Sends the tenants' transactions, each intent exactly once however often a process dies.
 *
 * Accounts are per tenant and chain, with one sequence of nonces each. A signed transaction is
 * stored before it is broadcast; all attempts of an intent under one nonce exclude each other on
 * chain; another nonce is taken only when somebody else's transaction has used the old one for good.
 */
export class TransactionManager {
  private readonly desks = new Map<ChainId, ChainDesk>();
  private readonly ticking = new Map<ChainId, Promise<void>>();
  private readonly preparer: TransactionPreparer;

  constructor(
    private readonly store: TransactionStore,
    signers: Signers,
    private readonly accesses: ChainAccesses,
    private readonly chains: ChainTable,
    private readonly settings: TransactionSettings,
  ) {
    this.preparer = new TransactionPreparer(store, signers, settings);
  }

  /**
   * Signs, stores and broadcasts what the intent asks for. Asking again with the same intent key
   * answers the first transaction and sends nothing.
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
    const desk = this.deskOf(intent.chainId);
    const { transaction, isNew } = await this.preparer.prepare(desk, intent);
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
   * during another one for the same chain joins it. One tenant's failure is reported and leaves the others alone.
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
    const desk = this.deskOf(chainId);
    const head = await desk.reader.head();
    await Promise.all(
      tenantIds.map((tenantId) =>
        actingFor(tenantId, () => this.driveTenant(tenantId, desk, head)).catch((problem) =>
          this.settings.report(problem, { tenantId, chainId }),
        ),
      ),
    );
  }

  private async driveTenant(tenantId: TenantId, desk: ChainDesk, head: ChainHead): Promise<void> {
    const { chainId } = desk.chain;
    const transactions = await this.store.unfinished(tenantId, chainId);
    for (const from of new Set(transactions.map((transaction) => transaction.from))) {
      const driver = new LaneDriver(desk, head, this.store, this.preparer, this.settings);
      const ofAccount = transactions.filter((transaction) => transaction.from === from);
      await driver.drive({ tenantId, chainId, from }, ofAccount);
    }
  }

  private deskOf(chainId: ChainId): ChainDesk {
    const desk =
      this.desks.get(chainId) ??
      new ChainDesk(this.chains.get(chainId), this.accesses.get(chainId), this.settings);
    this.desks.set(chainId, desk);
    return desk;
  }
}
