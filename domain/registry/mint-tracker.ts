import { type ChainTransaction, hasFailed, TransactionState } from '../../chains/transactions/transaction';
import type { MintId } from '../../schema/ids';
import { submitMint } from '../../schema/jobs';
import { WorkState } from '../../schema/types/work';
import type { TenantTx } from '../../tenants/tenant-database';
import { describeRevert } from '../dispatch/revert-reason';
import { notifyChanged } from '../events/change-notifier';
import { heldBecause } from '../held-transaction';
import type { OutboxRepository } from '../outbox/outbox-repository';
import type { WorkRepository } from './work-repository';

/** Names the intent of the transaction that commits to a mint's works. */
export function commitIntentKey(mintId: MintId): string {
  return `commit:${mintId}`;
}

/** Names the intent of the transaction that mints what is committed to. @param attempt - From 1. */
export function mintIntentKey(mintId: MintId, attempt: number): string {
  return `mint:${mintId}:${attempt}`;
}

/** How far a mint has come that is not on chain. */
export interface MintStand {
  readonly state: typeof WorkState.MINTING | typeof WorkState.MINT_FAILED;
  /** Why it failed, or what it lacks. */
  readonly failure: string | null;
}

/** Writes how a mint stands to its works, and announces them. */
export async function setMintStand(
  tx: TenantTx,
  works: WorkRepository,
  mintId: MintId,
  { state, failure }: MintStand,
): Promise<void> {
  await works.setMintState(tx, mintId, state, failure);
  for (const { id } of await works.findByMint(tx, mintId)) await notifyChanged(tx, 'Work', id);
}

/** Follows the transactions of mints, and has the next one sent when one has had its effect or lost its chance. */
export class MintTracker {
  constructor(
    private readonly works: WorkRepository,
    private readonly outbox: OutboxRepository,
  ) {}

  /** A commit that the chain refuses fails its works; one that stands lets them be minted. */
  async followCommit(tx: TenantTx, mintId: MintId, transaction: ChainTransaction): Promise<void> {
    await setMintStand(tx, this.works, mintId, mintStand(transaction));
    if (transaction.inclusion?.succeeded === true) await this.goOn(tx, mintId);
  }

  /** A mint that failed on chain is sent anew: it was early, as its commit had moved. */
  async followMint(tx: TenantTx, mintId: MintId, transaction: ChainTransaction): Promise<void> {
    if (hasFailed(transaction)) return this.goOn(tx, mintId);
    await setMintStand(tx, this.works, mintId, mintStand(transaction));
  }

  /** An adoption that the chain refuses fails its works. */
  async followAdoption(tx: TenantTx, mintId: MintId, transaction: ChainTransaction): Promise<void> {
    await setMintStand(tx, this.works, mintId, mintStand(transaction));
  }

  private async goOn(tx: TenantTx, mintId: MintId): Promise<void> {
    await this.outbox.add(tx, submitMint, { tenantId: tx.tenantId, mintId });
  }
}

/** What the transaction of a mint says of its works. */
export function mintStand(transaction: ChainTransaction): MintStand {
  const { state, revertData } = transaction;
  if (hasFailed(transaction)) {
    return { state: WorkState.MINT_FAILED, failure: `Refused on chain: ${describeRevert(revertData)}` };
  }
  if (state !== TransactionState.Held) return { state: WorkState.MINTING, failure: null };
  const { waitingFor, reason } = heldBecause(transaction);
  return { state: WorkState.MINTING, failure: `Waits for ${waitingFor}: ${reason}.` };
}
