import type { WorkId } from '../../schema/ids';
import type { ChainEvidence } from '../../schema/types/provenance';
import type { TenantTx } from '../../tenants/tenant-database';
import { FIRST_PREVIOUS_HASH, type HashedEntry, hashEntry, type ProvenanceEntry } from './provenance-entry';

interface EntryRow {
  work_id: WorkId;
  sequence: number;
  kind: string;
  facts: Record<string, unknown>;
  evidence: ChainEvidence | null;
  previous_hash: string;
  hash: string;
}

export type NewEntry = Pick<ProvenanceEntry, 'kind' | 'facts' | 'evidence'>;

/** What is to be added to the history of one work. */
export interface Addition {
  readonly workId: WorkId;
  /** The entry that the history ends with; undefined if it is empty. */
  readonly last: HashedEntry | undefined;
  readonly entries: readonly NewEntry[];
}

/** The hash-linked histories of works. Entries are only ever added. */
export class ProvenanceRepository {
  /** All entries of works, by work, oldest first. */
  async entries(tx: TenantTx, workIds: readonly WorkId[]): Promise<ReadonlyMap<WorkId, HashedEntry[]>> {
    const rows: EntryRow[] = await tx.manager.query(
      `select work_id, sequence, kind, facts, evidence, previous_hash, hash from provenance_events
        where tenant_id = $1 and work_id = any($2) order by work_id, sequence`,
      [tx.tenantId, workIds],
    );
    const histories = new Map<WorkId, HashedEntry[]>(workIds.map((workId) => [workId, []]));
    for (const row of rows) histories.get(row.work_id)?.push(toEntry(row));
    return histories;
  }

  /**
   * Links entries to the ends of their works' histories. The caller holds the registry's projection
   * lock, so nobody else appends meanwhile; the primary key refuses it if somebody did.
   */
  async append(tx: TenantTx, additions: readonly Addition[]): Promise<void> {
    const linked = additions.flatMap(linkedEntries);
    if (linked.length === 0) return;
    await tx.manager.query(
      `insert into provenance_events (tenant_id, work_id, sequence, kind, facts, evidence, previous_hash, hash)
       select $1, * from unnest($2::uuid[], $3::int[], $4::text[], $5::jsonb[], $6::jsonb[], $7::text[], $8::text[])`,
      [
        tx.tenantId,
        linked.map(({ workId }) => workId),
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

/** Entries as they stand once they are linked to the end of their work's history. */
export function linkedEntries({ workId, last, entries }: Addition): (HashedEntry & { workId: WorkId })[] {
  let previous = { sequence: last?.sequence ?? 0, hash: last?.hash ?? FIRST_PREVIOUS_HASH };
  return entries.map((entry) => {
    const hashed = hashEntry({ ...entry, sequence: previous.sequence + 1, previousHash: previous.hash });
    previous = hashed;
    return { ...hashed, workId };
  });
}

function toEntry(row: EntryRow): HashedEntry {
  return {
    sequence: row.sequence,
    kind: row.kind,
    facts: row.facts,
    evidence: row.evidence,
    previousHash: row.previous_hash,
    hash: row.hash,
  };
}
