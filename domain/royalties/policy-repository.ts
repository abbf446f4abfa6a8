import type { Hex } from 'viem';
import type { ProjectId } from '../../schema/ids';
import { type RoyaltyPolicy, royaltyPolicySchema } from '../../schema/inputs/royalty';
import { lockNamed } from '../../tenants/named-lock';
import type { TenantTx } from '../../tenants/tenant-database';

/** A policy with when it holds. */
export interface PolicyRevision {
  readonly projectId: ProjectId;
  /** From 1, without gaps. */
  readonly revision: number;
  /** It holds for sales in blocks from then on, until the next revision does. */
  readonly effectiveFrom: Date;
  readonly policy: RoyaltyPolicy;
  readonly hash: Hex;
}

interface PolicyRow extends Omit<PolicyRevision, 'policy'> {
  readonly policy: unknown;
}

const COLUMNS = 'project_id as "projectId", revision, effective_from as "effectiveFrom", policy, hash';

/** The royalty policies of projects, by revision. A revision is never changed. */
export class PolicyRepository {
  /** @param previousFrom - When the revision before it began to hold; undefined for the first. */
  async insert(tx: TenantTx, added: PolicyRevision, previousFrom: Date | undefined): Promise<void> {
    await tx.manager.query(
      `insert into royalty_policies (tenant_id, project_id, revision, effective_from, previous_from, policy, hash)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [
        tx.tenantId,
        added.projectId,
        added.revision,
        added.effectiveFrom,
        previousFrom ?? null,
        JSON.stringify(added.policy),
        added.hash,
      ],
    );
  }

  /** The last revision, which stays the last until the transaction ends: everyone else is held off. */
  async lockLast(tx: TenantTx, projectId: ProjectId): Promise<PolicyRevision | undefined> {
    await lockNamed(tx, `royalty policy ${projectId}`);
    return (await this.history(tx, projectId)).at(-1);
  }

  /** All revisions of a project, oldest first. */
  async history(tx: TenantTx, projectId: ProjectId): Promise<PolicyRevision[]> {
    const rows: PolicyRow[] = await tx.manager.query(
      `select ${COLUMNS} from royalty_policies where tenant_id = $1 and project_id = $2 order by revision`,
      [tx.tenantId, projectId],
    );
    return rows.map(toRevision);
  }

  /** The revision that held for a sale in a block of that time; undefined before the first. */
  async findAt(tx: TenantTx, projectId: ProjectId, blockTime: Date): Promise<PolicyRevision | undefined> {
    const rows: PolicyRow[] = await tx.manager.query(
      `select ${COLUMNS} from royalty_policies where tenant_id = $1 and project_id = $2 and effective_from <= $3
        order by revision desc limit 1`,
      [tx.tenantId, projectId, blockTime],
    );
    return rows.map(toRevision)[0];
  }
}

function toRevision(row: PolicyRow): PolicyRevision {
  return { ...row, policy: royaltyPolicySchema.parse(row.policy) };
}
