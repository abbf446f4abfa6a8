import type { WorkId } from '../../schema/ids';
import type { TenantTx } from '../../tenants/tenant-database';

/** A discrepancy between the record and the chains, with what proves it. */
export interface NewFinding {
  readonly workId: WorkId;
  /** The rule that was broken, e.g. `REORG_PAST_FINALITY`. */
  readonly rule: string;
  readonly evidence: Readonly<Record<string, unknown>>;
}

export class FindingRepository {
  async insert(tx: TenantTx, { workId, rule, evidence }: NewFinding): Promise<void> {
    await tx.manager.query(
      'insert into findings (tenant_id, work_id, rule, evidence) values ($1, $2, $3, $4)',
      [tx.tenantId, workId, rule, JSON.stringify(evidence)],
    );
  }
}
