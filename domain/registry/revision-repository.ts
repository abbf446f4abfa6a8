import type { Hex } from 'viem';
import type { WorkId } from '../../schema/ids';
import type { JsonObject } from '../../schema/inputs/json-document';
import type { TenantTx } from '../../tenants/tenant-database';

/** A revision of a work's mutable state. Revision 0 is what it was minted with. */
export interface WorkRevision {
  readonly revision: number;
  readonly metadata: JsonObject;
  readonly stateHash: Hex;
}

/** All revisions that were ever accepted, whether home has stated them yet or not. */
export class RevisionRepository {
  async insert(tx: TenantTx, workId: WorkId, { revision, metadata, stateHash }: WorkRevision): Promise<void> {
    await tx.manager.query(
      'insert into work_revisions (tenant_id, work_id, revision, metadata, state_hash) values ($1, $2, $3, $4, $5)',
      [tx.tenantId, workId, revision, JSON.stringify(metadata), stateHash],
    );
  }

  /** The number of the last accepted revision. */
  async latest(tx: TenantTx, workId: WorkId): Promise<number> {
    const rows: { latest: number | null }[] = await tx.manager.query(
      'select max(revision) as latest from work_revisions where tenant_id = $1 and work_id = $2',
      [tx.tenantId, workId],
    );
    return rows[0]?.latest ?? 0;
  }

  /** @throws Error if there is no such revision: jobs name only those that were inserted with them. */
  async get(tx: TenantTx, workId: WorkId, revision: number): Promise<WorkRevision> {
    const rows: { metadata: JsonObject; state_hash: Hex }[] = await tx.manager.query(
      'select metadata, state_hash from work_revisions where tenant_id = $1 and work_id = $2 and revision = $3',
      [tx.tenantId, workId, revision],
    );
    const [row] = rows;
    if (row === undefined) throw new Error(`work ${workId} has no revision ${revision}`);
    return { revision, metadata: row.metadata, stateHash: row.state_hash };
  }
}
