import { type ChainTransaction, TransactionState } from '../../chains/transactions/transaction';
import type { MintId } from '../../schema/ids';
import { WorkState } from '../../schema/types/work';
import type { TenantTx } from '../../tenants/tenant-database';
import { describeRevert } from '../dispatch/revert-reason';
import { notifyChanged } from '../events/change-notifier';
import type { WorkRepository } from './work-repository';

/** Names the intent of a mint's transaction. */
export function mintIntentKey(mintId: MintId): string {
  return `mint:${mintId}`;
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

/** Follows the transactions of mints: one that the chain refuses fails its works. */
export class MintTracker {
  constructor(private readonly works: WorkRepository) {}

  async followTransaction(tx: TenantTx, mintId: MintId, transaction: ChainTransaction): Promise<void> {
    await setMintStand(tx, this.works, mintId, mintStand(transaction));
  }
}

/** What the transaction of a mint says of its works. */
export function mintStand({ state, inclusion, revertData, from, missingWei }: ChainTransaction): MintStand {
  if (inclusion?.succeeded === false || state === TransactionState.Dropped) {
    return { state: WorkState.MINT_FAILED, failure: `Refused on chain: ${describeRevert(revertData)}` };
  }
  const failure =
    state === TransactionState.Held
      ? `Waits for money: the account ${from} lacks ${missingWei ?? 0n} wei.`
      : null;
  return { state: WorkState.MINTING, failure };
}
