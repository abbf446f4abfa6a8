import type { ChainId } from '../../schema/caip';
import type { TenantId } from '../../schema/ids';

/** What something went wrong with, for whoever reads the log. */
export interface ProblemContext {
  readonly chainId: ChainId;
  readonly tenantId: TenantId;
  readonly intentKey?: string;
}

/** How the transaction manager behaves on every chain. */
export interface TransactionSettings {
  /** The most that any attempt may pay per unit of gas, in wei. */
  readonly maxFeePerGasCapWei: bigint;
  /** Fees are raised when an attempt has waited this many block times. */
  readonly bumpAfterBlocks: number;
  readonly now: () => Date;
  /** Told of a failure after which the work goes on by itself at a later tick, such as an endpoint that is down. */
  readonly report: (problem: unknown, context: ProblemContext) => void;
  /**
   * How long a tick waits for any tenant's transactions, in milliseconds; what takes longer goes on by itself.
   * Ten seconds by default.
   */
  readonly maxRoundMs?: number;
}
