import type { Address } from 'viem';
import type { ChainId } from '../../schema/caip';
import type { TenantId } from '../../schema/ids';
import type { FeeLimit } from './fee-limit';
import type { Attempt, ChainTransaction, TransactionIntent, TransactionStatus } from './transaction';

/** A tenant's account on one chain: its transactions are numbered by one sequence of nonces. */
export interface NonceLane {
  readonly tenantId: TenantId;
  readonly chainId: ChainId;
  readonly from: Address;
}

/** A transaction that is to be stored for the first time. */
export interface NewTransaction {
  readonly intent: TransactionIntent;
  readonly status: TransactionStatus;
  readonly attempt?: Attempt;
  readonly fillsGap?: boolean;
}

/** One database transaction that holds a nonce lane locked. */
export interface NonceLaneTx {
  find(intentKey: string): Promise<ChainTransaction | undefined>;
  /** True if a transaction of ours sits at `nonce` or waits to. */
  holdsNonce(nonce: number): Promise<boolean>;
  /** The lowest nonce that no transaction of ours has taken. */
  readonly nextNonce: number;
  /** Takes `nonce`, which is {@link nextNonce} or above it. */
  takeNonce(nonce: number): Promise<void>;
  insert(transaction: NewTransaction): Promise<ChainTransaction>;
  /** As {@link TransactionStore.change}. */
  change(
    transaction: ChainTransaction,
    status: TransactionStatus,
    attempt?: Attempt,
  ): Promise<ChainTransaction | undefined>;
}

/** A nonce lane at one moment, which may be over already. */
export interface LaneStand {
  readonly nextNonce: number;
  /** The most that the lane's signed transactions may still cost until they are mined, in wei. */
  readonly reservedWei: bigint;
  readonly feeLimit: FeeLimit;
}

/** What the transaction manager needs to remember. */
export interface TransactionStore {
  find(tenantId: TenantId, intentKey: string): Promise<ChainTransaction | undefined>;
  /** The tenants that have a transaction on this chain that is neither final nor dropped. */
  tenantsWithUnfinished(chainId: ChainId): Promise<TenantId[]>;
  /** A tenant's transactions on a chain that are neither final nor dropped, by nonce, then by age. */
  unfinished(tenantId: TenantId, chainId: ChainId): Promise<ChainTransaction[]>;
  /**
   * Replaces a transaction's status, and adds an attempt if one is given.
   *
   * @returns Undefined, with nothing changed, if the stored transaction is no longer the one given.
   */
  change(
    transaction: ChainTransaction,
    status: TransactionStatus,
    attempt?: Attempt,
  ): Promise<ChainTransaction | undefined>;
  /** The lane as it stands, without holding it. */
  laneStand(lane: NonceLane): Promise<LaneStand>;
  /** Runs `work` in a database transaction that holds the lane; it may run more than once. */
  inNonceLane<T>(lane: NonceLane, work: (tx: NonceLaneTx) => Promise<T>): Promise<T>;
  /** Turns the final transactions of blocks from `fromBlock` on into mined ones, to be looked at again. */
  reopen(chainId: ChainId, fromBlock: bigint): Promise<void>;
}
