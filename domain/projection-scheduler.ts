import { projectRegistry } from '../schema/jobs';
import type { SystemTx } from '../tenants/system-database';
import type { ChainChange, ChainChangeSink } from './chain-state/follower-sink';
import type { WatchRepository } from './chain-state/watch-repository';
import type { OutboxRepository } from './outbox/outbox-repository';

/** Looks again at transactions that a breach of finality may have undone. */
export interface FinalityBreachHandler {
  reopen(chainId: ChainChange['chainId'], fromBlock: bigint): Promise<void>;
}

/** Has the registries projected whose contracts a follower has news of, in the follower's own transaction. */
export class ProjectionScheduler implements ChainChangeSink {
  constructor(
    private readonly watches: WatchRepository,
    private readonly outbox: OutboxRepository,
    private readonly transactions: FinalityBreachHandler,
  ) {}

  async changed(tx: SystemTx, { chainId, touched, breach }: ChainChange): Promise<void> {
    for (const { tenantId, registryId } of await this.watches.watchersOf(tx, chainId, touched)) {
      await this.outbox.addForTenant(tx, tenantId, projectRegistry, { tenantId, registryId });
    }
    // Outside `tx`, and harmless if `tx` is rolled back: it only makes finished transactions be looked at once more.
    if (breach !== undefined) await this.transactions.reopen(chainId, BigInt(breach.forkBlock + 1));
  }
}
