import type { WorkId } from '../../schema/ids';
import type { ChainEvidence } from '../../schema/types/provenance';
import type { TenantTx } from '../../tenants/tenant-database';
import { FIRST_PREVIOUS_HASH, type HashedEntry, hashEntry, type ProvenanceEntry } from './provenance-entry';

interface EntryRow {
  sequence: number;
  kind: string;
  facts: Record<string, unknown>;
  evidence: ChainEvidence | null;
  previous_hash: string;
  hash: string;
}

export type NewEntry = Pick<ProvenanceEntry, 'kind' | 'facts' | 'evidence'>;

/** The hash-linked histories of works. Entries are only ever added. */
export class ProvenanceRepository {
  /** All entries of a work, oldest first, from after `sequence`. */
  async entries(tx: TenantTx, workId: WorkId, afterSequence = 0): Promise<HashedEntry[]> {
    const rows: EntryRow[] = await tx.manager.query(
      `select sequence, kind, facts, evidence, previous_hash, hash from provenance_events
        where tenant_id = $1 and work_id = $2 and sequence > $3 order by sequence`,
      [tx.tenantId, workId, afterSequence],
    );
    return rows.map((row) => ({
      sequence: row.sequence,
      kind: row.kind,
      facts: row.facts,
      evidence: row.evidence,
      previousHash: row.previous_hash,
      hash: row.hash,
    }));
  }

  /**
   * Adds entries behind `last` (undefined: the history is empty). The caller holds the registry's
   * projection lock, so nobody else appends meanwhile; the primary key refuses it if somebody did.
   */
  async append(
    tx: TenantTx,
    workId: WorkId,
    last: HashedEntry | undefined,
    entries: readonly NewEntry[],
  ): Promise<void> {
    let previous = { sequence: last?.sequence ?? 0, hash: last?.hash ?? FIRST_PREVIOUS_HASH };
    const linked = entries.map((entry) => {
      const hashed = hashEntry({ ...entry, sequence: previous.sequence + 1, previousHash: previous.hash });
      previous = hashed;
      return hashed;
    });
    if (linked.length === 0) return;
    await tx.manager.query(
      `insert into provenance_events (tenant_id, work_id, sequence, kind, facts, evidence, previous_hash, hash)
       select $1, $2, * from unnest($3::int[], $4::text[], $5::jsonb[], $6::jsonb[], $7::text[], $8::text[])`,
      [
        tx.tenantId,
        workId,
        linked.map(({ sequence }) => sequence),
        linked.map(({ kind }) => kind),
        linked.map(({ facts }) => JSON.stringify(facts)),
        linked.map(({ evidence }) => evidence && JSON.stringify(evidence)),
        linked.map(({ previousHash }) => previousHash),
        linked.map(({ hash }) => hash),
      ],
    );
  }
}
