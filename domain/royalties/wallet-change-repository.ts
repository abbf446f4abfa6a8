import type { ProjectId } from '../../schema/ids';
import { type RoyaltyWalletChange, WalletChangeState } from '../../schema/types/royalty-wallet';
import type { TenantTx } from '../../tenants/tenant-database';

const COLUMNS = `project_id as "projectId", number, state, old_wallet as "oldWallet", new_wallet as "newWallet",
  requested_at as "requestedAt", effective_at as "effectiveAt", ended_at as "endedAt",
  applied_revision as "appliedRevision", cancelled_by as "cancelledBy"`;

/** How a change ended. */
export type WalletChangeEnd = Pick<RoyaltyWalletChange, 'state' | 'appliedRevision' | 'cancelledBy'> & {
  readonly endedAt: Date;
};

/** Changes of primary wallets, by project and number; one at a time is pending. */
export class WalletChangeRepository {
  /** All of a project, oldest first. */
  async ofProject(tx: TenantTx, projectId: ProjectId): Promise<RoyaltyWalletChange[]> {
    return tx.manager.query(
      `select ${COLUMNS} from royalty_wallet_changes where tenant_id = $1 and project_id = $2 order by number`,
      [tx.tenantId, projectId],
    );
  }

  /** The one that waits for its time; undefined if none does. */
  async findPending(tx: TenantTx, projectId: ProjectId): Promise<RoyaltyWalletChange | undefined> {
    const changes = await this.ofProject(tx, projectId);
    return changes.find(({ state }) => state === WalletChangeState.PENDING);
  }

  async insert(tx: TenantTx, change: RoyaltyWalletChange, seenRevision: number): Promise<void> {
    const { projectId, number, oldWallet, newWallet, requestedAt, effectiveAt } = change;
    await tx.manager.query(
      `insert into royalty_wallet_changes (tenant_id, project_id, number, old_wallet, new_wallet, seen_revision,
                                           requested_at, effective_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [tx.tenantId, projectId, number, oldWallet, newWallet, seenRevision, requestedAt, effectiveAt],
    );
  }

  /** Ends the pending change. */
  async end(
    tx: TenantTx,
    { projectId, number }: RoyaltyWalletChange,
    { state, endedAt, appliedRevision, cancelledBy }: WalletChangeEnd,
  ): Promise<void> {
    await tx.manager.query(
      `update royalty_wallet_changes set state = $4, ended_at = $5, applied_revision = $6, cancelled_by = $7
        where tenant_id = $1 and project_id = $2 and number = $3 and state = 'PENDING'`,
      [tx.tenantId, projectId, number, state, endedAt, appliedRevision, cancelledBy],
    );
  }
}
