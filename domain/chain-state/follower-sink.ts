import type { Hex } from 'viem';
import type { ChainId } from '../../schema/caip';
import type { SystemTx } from '../../tenants/system-database';

/** What one step of a follower changed. */
export interface ChainChange {
  readonly chainId: ChainId;
  /** Addresses, in lower case, that had logs added, removed or newly final; each once. */
  readonly touched: readonly Hex[];
  readonly head: number;
  readonly final: number;
  /** Set when the chain lost blocks that were recorded as final: everything above `forkBlock` fell. */
  readonly breach?: { readonly forkBlock: number };
}

/** Told of every step inside the step's own transaction, so that what it queues commits with the logs. */
export interface ChainChangeSink {
  changed(tx: SystemTx, change: ChainChange): Promise<void>;
}
