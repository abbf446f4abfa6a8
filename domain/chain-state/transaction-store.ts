import {
  type Attempt,
  type ChainTransaction,
  TransactionState,
  type TransactionStatus,
} from '../../chains/transactions/transaction';
import type {
  LaneStand,
  NonceLane,
  NonceLaneTx,
  TransactionStore,
} from '../../chains/transactions/transaction-store';
import type { ChainId } from '../../schema/caip';
import type { TenantId } from '../../schema/ids';
import type { SystemDatabase } from '../../tenants/system-database';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import { inSpan } from '../../tenants/trace';
import type { TransactionRepository } from './transaction-repository';
import type { TransactionSink } from './transaction-sink';

/** The transaction manager's memory in PostgreSQL. Tells the sink of each change, in the change's own transaction. */
export class PostgresTransactionStore implements TransactionStore {
  constructor(
    private readonly tenants: TenantDatabase,
    private readonly system: SystemDatabase,
    private readonly repository: TransactionRepository,
    private readonly sink: TransactionSink,
  ) {}

  find(tenantId: TenantId, intentKey: string): Promise<ChainTransaction | undefined> {
    return this.tenants.transaction(tenantId, (tx) => this.repository.find(tx, intentKey));
  }

  tenantsWithUnfinished(chainId: ChainId): Promise<TenantId[]> {
    return this.tenantIds("chain_id = $1 and state not in ('final', 'dropped')", [chainId]);
  }

  unfinished(tenantId: TenantId, chainId: ChainId): Promise<ChainTransaction[]> {
    return this.tenants.transaction(tenantId, (tx) => this.repository.unfinished(tx, chainId));
  }

  change(
    transaction: ChainTransaction,
    status: TransactionStatus,
    attempt?: Attempt,
  ): Promise<ChainTransaction | undefined> {
    const change = () =>
      this.tenants.transaction(transaction.tenantId, (tx) => this.changeIn(tx, transaction, status, attempt));
    if (transaction.traceParent === undefined) return change();
    // What follows from it belongs to the request that asked for the transaction, not to who looked at the chain.
    const attributes = {
      'colophon.tenant_id': transaction.tenantId,
      'colophon.chain_id': transaction.chainId,
      'colophon.intent': transaction.intentKey,
      ...(status.inclusion !== undefined && { 'colophon.transaction_hash': status.inclusion.hash }),
    };
    return inSpan(`transaction ${status.state}`, transaction.traceParent, { attributes }, change);
  }

  laneStand(lane: NonceLane): Promise<LaneStand> {
    return this.tenants.transaction(lane.tenantId, async (tx) => ({
      nextNonce: await this.repository.nextNonce(tx, lane),
      reservedWei: await this.repository.reservedWei(tx, lane),
      feeLimit: await this.repository.feeLimit(tx, lane.chainId),
    }));
  }

  inNonceLane<T>(lane: NonceLane, work: (tx: NonceLaneTx) => Promise<T>): Promise<T> {
    return this.tenants.transaction(lane.tenantId, async (tx) => {
      const nextNonce = await this.repository.lockLane(tx, lane);
      return work({
        find: (intentKey) => this.repository.find(tx, intentKey),
        holdsNonce: (nonce) => this.repository.holdsNonce(tx, lane, nonce),
        nextNonce,
        takeNonce: (nonce) => this.repository.setNextNonce(tx, lane, nonce + 1),
        insert: async (transaction) => {
          const inserted = await this.repository.insert(tx, lane, transaction);
          await this.sink.changed(tx, inserted);
          return inserted;
        },
        change: (transaction, status, attempt) => this.changeIn(tx, transaction, status, attempt),
      });
    });
  }

  async reopen(chainId: ChainId, fromBlock: bigint): Promise<void> {
    const final = "chain_id = $1 and state = 'final' and mined_block_number >= $2";
    for (const tenantId of await this.tenantIds(final, [chainId, fromBlock.toString()])) {
      await this.tenants.transaction(tenantId, async (tx) => {
        for (const transaction of await this.repository.finalSince(tx, chainId, fromBlock)) {
          await this.changeIn(tx, transaction, { ...statusOf(transaction), state: TransactionState.Mined });
        }
      });
    }
  }

  private async tenantIds(condition: string, parameters: string[]): Promise<TenantId[]> {
    const rows: { tenant_id: TenantId }[] = await this.system.transaction(({ manager }) =>
      manager.query(`select distinct tenant_id from chain_transactions where ${condition}`, parameters),
    );
    return rows.map(({ tenant_id }) => tenant_id);
  }

  private async changeIn(
    tx: TenantTx,
    transaction: ChainTransaction,
    status: TransactionStatus,
    attempt?: Attempt,
  ): Promise<ChainTransaction | undefined> {
    const changed = await this.repository.change(tx, transaction, status, attempt);
    if (changed !== undefined) await this.sink.changed(tx, changed);
    return changed;
  }
}

function statusOf(transaction: ChainTransaction): TransactionStatus {
  const { state, nonce, inclusion, revertData } = transaction;
  return {
    state,
    ...(nonce !== undefined && { nonce }),
    ...(inclusion && { inclusion }),
    ...(revertData !== undefined && { revertData }),
  };
}
