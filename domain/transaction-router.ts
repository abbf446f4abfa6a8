import type { ChainTransaction } from '../chains/transactions/transaction';
import {
  dispatchIdSchema,
  guardActionIdSchema,
  mintIdSchema,
  registryIdSchema,
  settlementIdSchema,
} from '../schema/ids';
import { advanceGuardAction, advanceRegistry, advanceSettlement } from '../schema/jobs';
import type { TenantTx } from '../tenants/tenant-database';
import type { TransactionSink } from './chain-state/transaction-sink';
import type { DispatchTracker } from './dispatch/dispatch-tracker';
import { transactionChanges } from './metrics';
import type { OutboxRepository } from './outbox/outbox-repository';
import type { MintTracker } from './registry/mint-tracker';

/** Tells whoever asked for a transaction that it moved on. The first word of the intent key says who that is. */
export class TransactionRouter implements TransactionSink {
  constructor(
    private readonly dispatches: DispatchTracker,
    private readonly mints: MintTracker,
    private readonly outbox: OutboxRepository,
  ) {}

  async changed(tx: TenantTx, transaction: ChainTransaction): Promise<void> {
    transactionChanges.inc({ chain: transaction.chainId, state: transaction.state });
    const [asker, id] = transaction.intentKey.split(':');
    switch (asker) {
      case 'dispatch':
        return this.dispatches.followTransaction(tx, dispatchIdSchema.parse(id), transaction);
      case 'commit':
        return this.mints.followCommit(tx, mintIdSchema.parse(id), transaction);
      case 'mint':
        return this.mints.followMint(tx, mintIdSchema.parse(id), transaction);
      case 'adopt':
        return this.mints.followAdoption(tx, mintIdSchema.parse(id), transaction);
      case 'registry': {
        const registryId = registryIdSchema.parse(id);
        await this.outbox.add(tx, advanceRegistry, { tenantId: tx.tenantId, registryId });
        return;
      }
      case 'guard': {
        const payload = { tenantId: tx.tenantId, actionId: guardActionIdSchema.parse(id) };
        await this.outbox.add(tx, advanceGuardAction, payload);
        return;
      }
      case 'settlement': {
        const payload = { tenantId: tx.tenantId, settlementId: settlementIdSchema.parse(id) };
        await this.outbox.add(tx, advanceSettlement, payload);
        return;
      }
      default:
        // The others ("apply", "nudge", "handshake", gap fillers) are known by the events that they cause.
        return;
    }
  }
}
