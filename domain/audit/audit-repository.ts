import type { AuditEntryId, TenantId } from '../../schema/ids';
import type { AuditFilter } from '../../schema/inputs/audit';
import type { JsonObject } from '../../schema/inputs/json-document';
import type { PageRequest } from '../../schema/inputs/page';
import type { AuditEntry } from '../../schema/types/audit';
import type { Page } from '../../schema/types/connection';
import type { Statements, TenantReads } from '../../tenants/tenant-database';
import { readPage } from '../page';
import { type AuditFacts, auditHash, FIRST_AUDIT_HASH } from './audit-entry';

const AT_FORMAT = `YYYY-MM-DD"T"HH24:MI:SS.US"Z"`;
const COLUMNS = `id, sequence, to_char(created_at at time zone 'utc', '${AT_FORMAT}') as at, operation, actor, scopes, request_id,
  input_hash, previous_hash, evidence, hash`;

interface AuditRow {
  readonly id: AuditEntryId;
  readonly sequence: string;
  readonly at: string;
  readonly operation: string;
  readonly actor: string;
  readonly scopes: string[];
  readonly request_id: string;
  readonly input_hash: string;
  readonly previous_hash: string;
  readonly evidence: JsonObject | null;
  readonly hash: string;
}

/** What is to be put down. */
export type NewAuditEntry = Omit<AuditFacts, 'sequence' | 'at' | 'previousHash'>;

/** The hash-linked log of each tenant. Entries are only ever added. */
export class AuditRepository {
  /**
   * Links an entry to the end of a tenant's log. Locks that end until the transaction is over, so it comes last in it.
   *
   * @param tenantId - Whose log; the transaction may be pinned to another tenant, which it is not any more afterwards.
   */
  async append(manager: Statements, tenantId: TenantId, entry: NewAuditEntry): Promise<void> {
    await manager.query("select set_config('app.tenant_id', $1, true)", [tenantId]);
    const [end]: { sequence: string; hash: string; at: string }[] = await manager.query(
      `insert into audit_ends as known (tenant_id, sequence, hash) values ($1, 0, '${FIRST_AUDIT_HASH}')
       on conflict (tenant_id) do update set hash = known.hash
       returning sequence, hash, to_char(clock_timestamp() at time zone 'utc', '${AT_FORMAT}') as at`,
      [tenantId],
    );
    if (end === undefined) throw new Error('an upsert returns its row');
    const facts: AuditFacts = {
      ...entry,
      sequence: Number(end.sequence) + 1,
      at: end.at,
      previousHash: end.hash,
    };
    const hash = auditHash(facts);
    await manager.query(
      `with entry as (
         insert into audit_entries (tenant_id, sequence, created_at, operation, actor, scopes, request_id, input_hash,
                                    previous_hash, evidence, hash)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning sequence, hash
       )
       update audit_ends set sequence = entry.sequence, hash = entry.hash from entry where tenant_id = $1`,
      [
        tenantId,
        facts.sequence,
        facts.at,
        facts.operation,
        facts.actor,
        facts.scopes,
        facts.requestId,
        facts.inputHash,
        facts.previousHash,
        facts.evidence === undefined ? null : JSON.stringify(facts.evidence),
        hash,
      ],
    );
  }

  async page(tx: TenantReads, request: PageRequest, filter: AuditFilter): Promise<Page<AuditEntry>> {
    return readPage(tx, request, {
      columns: COLUMNS,
      table: 'audit_entries',
      where: { operation: filter?.operation, actor: filter?.actor, request_id: filter?.requestId },
      toNode: toEntry,
    });
  }
}

function toEntry(row: AuditRow): AuditEntry {
  return {
    sequence: Number(row.sequence),
    at: row.at,
    operation: row.operation,
    actor: row.actor,
    scopes: row.scopes,
    requestId: row.request_id,
    inputHash: row.input_hash,
    previousHash: row.previous_hash,
    evidence: row.evidence,
    hash: row.hash,
  };
}
