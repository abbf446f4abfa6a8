import { z } from 'zod';
import type { JsonObject } from '../../../schema/inputs/json-document';
import { type AuditFacts, auditHash, FIRST_AUDIT_HASH } from '../../audit/audit-entry';
import { FIRST_PREVIOUS_HASH, hashEntry, type ProvenanceEntry } from '../../provenance/provenance-entry';
import { fileOfTable, type Manifest } from '../archive/manifest';
import type { Row } from '../table-reader';
import { ArchiveFault, RunningCheck } from './fault';
import { isJsonObject } from './json-of';
import type { RowCheck } from './row-check';

const jsonObjectSchema = z.custom<JsonObject>(isJsonObject);

const provenanceSchema = z.object({
  work_id: z.string(),
  sequence: z.number().int(),
  kind: z.string(),
  facts: jsonObjectSchema,
  evidence: jsonObjectSchema.nullable(),
  previous_hash: z.string(),
  hash: z.string(),
});

const auditSchema = z.object({
  sequence: z.string().transform(Number),
  created_at: z.string(),
  operation: z.string(),
  actor: z.string(),
  scopes: z.array(z.string()),
  request_id: z.string(),
  input_hash: z.string(),
  previous_hash: z.string(),
  evidence: z.record(z.string(), z.unknown()).nullish(),
  hash: z.string(),
});

/** The last entry of a log. */
interface End {
  readonly sequence: number;
  readonly hash: string;
}

/** Whether the history of each work is one unbroken chain of hashes from its first entry on. */
export class ProvenanceCheck implements RowCheck {
  private readonly entries = new RunningCheck('provenance entries');
  private readonly histories = new RunningCheck('histories');
  readonly checks = [this.entries, this.histories];
  private workId = '';
  private end: End = { sequence: 0, hash: FIRST_PREVIOUS_HASH };

  look(table: string, row: Row, where: string): void {
    if (table !== 'provenance_events') return;
    const parsed = provenanceSchema.safeParse(row);
    if (!parsed.success) {
      this.entries.fail(ArchiveFault.RowInvalid, where, 'it is no entry of a history');
      return;
    }
    const {
      work_id: workId,
      sequence,
      kind,
      facts,
      evidence,
      previous_hash: previousHash,
      hash,
    } = parsed.data;
    if (workId !== this.workId) this.begin(workId, where);
    // CAST: what is hashed is what the row says, whatever that is.
    const entry = { sequence, kind, facts, evidence, previousHash } as unknown as ProvenanceEntry;
    const holds =
      sequence === this.end.sequence + 1 && previousHash === this.end.hash && hashEntry(entry).hash === hash;
    const what = `entry ${sequence} of work ${workId} does not follow entry ${this.end.sequence} by its hash`;
    this.entries.expect(holds, ArchiveFault.ProvenanceBroken, where, what);
    this.end = { sequence, hash };
  }

  finish(): void {
    return;
  }

  /** Works come in the order of their ids, so that none can have two histories. */
  private begin(workId: string, where: string): void {
    const what = `the history of work ${workId} is not in one piece`;
    this.histories.expect(workId > this.workId, ArchiveFault.ProvenanceBroken, where, what);
    this.workId = workId;
    this.end = { sequence: 0, hash: FIRST_PREVIOUS_HASH };
  }
}

/** Whether the audit log is one unbroken chain of hashes that ends where the manifest says. */
export class AuditCheck implements RowCheck {
  private readonly entries = new RunningCheck('audit entries');
  readonly checks = [this.entries];
  private end: End = { sequence: 0, hash: FIRST_AUDIT_HASH };

  constructor(private readonly manifest: Pick<Manifest, 'audit'>) {}

  look(table: string, row: Row, where: string): void {
    if (table !== 'audit_entries') return;
    const parsed = auditSchema.safeParse(row);
    if (!parsed.success) {
      this.entries.fail(ArchiveFault.RowInvalid, where, 'it is no entry of an audit log');
      return;
    }
    const {
      created_at: at,
      request_id: requestId,
      input_hash: inputHash,
      previous_hash: previousHash,
    } = parsed.data;
    const { sequence, operation, actor, scopes, evidence, hash } = parsed.data;
    const stated = { sequence, at, operation, actor, scopes, requestId, inputHash, previousHash };
    const facts: AuditFacts = evidence == null ? stated : { ...stated, evidence };
    const holds =
      sequence === this.end.sequence + 1 && previousHash === this.end.hash && auditHash(facts) === hash;
    const what = `entry ${sequence} does not follow entry ${this.end.sequence} by its hash`;
    this.entries.expect(holds, ArchiveFault.AuditBroken, where, what);
    this.end = { sequence, hash };
  }

  finish(): void {
    const { sequence, hash } = this.manifest.audit;
    if (this.end.sequence === sequence && this.end.hash === hash) return;
    const what = `it ends with entry ${this.end.sequence}, and should end with ${sequence}`;
    this.entries.fail(ArchiveFault.AuditBroken, fileOfTable('audit_entries'), what);
  }
}
