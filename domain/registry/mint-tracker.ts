import type { ChainTransaction } from '../../chains/transactions/transaction';
import type { MintId } from '../../schema/ids';
import type { TenantTx } from '../../tenants/tenant-database';
import { describeRevert } from '../dispatch/revert-reason';
import { notifyChanged } from '../events/change-notifier';
import type { WorkRepository } from './work-repository';

/** Names the intent of a mint's transaction. */
export function mintIntentKey(mintId: MintId): string {
  return `mint:${mintId}`;
}

/** Marks the works of a mint as impossible, or (with null) as on their way again. */
export async function setMintFailure(
  tx: TenantTx,
  works: WorkRepository,
  mintId: MintId,
  failure: string | null,
): Promise<void> {
  await works.setMintFailure(tx, mintId, failure);
  for (const { id } of await works.findByMint(tx, mintId)) await notifyChanged(tx, 'Work', id);
}

/** Follows the transactions of mints: one that was refused on chain fails its works. */
export class MintTracker {
  constructor(private readonly works: WorkRepository) {}

  async followTransaction(
    tx: TenantTx,
    mintId: MintId,
    { inclusion, revertData }: ChainTransaction,
  ): Promise<void> {
    const failure = inclusion?.succeeded === false ? `Refused on chain: ${describeRevert(revertData)}` : null;
    await setMintFailure(tx, this.works, mintId, failure);
  }
}
