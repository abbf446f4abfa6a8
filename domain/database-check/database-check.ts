import { createHash } from 'node:crypto';
import type { TenantId } from '../../schema/ids';
import type { SecretBox } from '../../tenants/secrets/secret-box';
import type { SystemDatabase } from '../../tenants/system-database';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import { FIRST_AUDIT_HASH } from '../audit/audit-entry';
import { columnTypes, readTable } from '../export/table-reader';
import { exportedTable } from '../export/tables';
import type { Check, Fault } from '../export/verify/fault';
import { AuditCheck, ProvenanceCheck } from '../export/verify/history-check';
import { OriginCheck } from '../export/verify/origin-check';
import { PLATFORM_SCOPE } from '../idempotency/idempotency-service';
import { checkOwnersRoots } from './owners-roots';
import { checkSecrets } from './secrets-check';
import { SQL_CHECKS, type SqlCheck } from './sql-checks';

/** Faults that are shown of each check. */
const SHOWN = 10;

/** What names the state of a tenant: equal before and after, if nothing was lost or changed. */
export interface TenantRoots {
  /** SHA-256, in hex, over the last hash of each work's history, by work. */
  readonly provenance: string;
  readonly provenanceEntries: number;
  /** The last entry of the audit log. */
  readonly audit: { readonly sequence: number; readonly hash: string };
  /** The last entry of the ledger, and SHA-256, in hex, over all balances that its postings come to. */
  readonly ledger: { readonly sequence: number; readonly balances: string };
}

export interface TenantCheck {
  /** The nil UUID for the platform's own log. */
  readonly tenantId: TenantId;
  readonly roots: TenantRoots;
  readonly checks: readonly Check[];
}

export interface DatabaseCheckReport {
  readonly holds: boolean;
  readonly tenants: readonly TenantCheck[];
}

/** What hash-linked tables and origins are read from, in this order. */
const READ_TABLES = ['projects', 'works', 'provenance_events', 'audit_entries'];

/**
 * Proves of a database, by itself, that books balance and replay, that histories and audit logs are unbroken, and that
 * what is under way has a way on. Each tenant is read as of one moment; nothing is changed, and everything may run.
 */
export class DatabaseCheck {
  /** @param secrets - Undefined if no master key is given: then secrets are not opened, and the report says so. */
  constructor(
    private readonly tenants: TenantDatabase,
    private readonly system: SystemDatabase,
    private readonly secrets: SecretBox | undefined,
  ) {}

  async run(onTenant: (done: number, all: number) => void): Promise<DatabaseCheckReport> {
    const rows = await this.system.read<{ tenant_id: TenantId }>(
      'select tenant_id from tenants order by tenant_id',
      [],
    );
    const ids = [PLATFORM_SCOPE, ...rows.map(({ tenant_id }) => tenant_id)];
    const tenants: TenantCheck[] = [];
    for (const tenantId of ids) {
      tenants.push(await this.tenants.snapshot(tenantId, (tx) => this.checkTenant(tx)));
      onTenant(tenants.length, ids.length);
    }
    const holds = tenants.every(({ checks }) => checks.every(({ faultCount }) => faultCount === 0));
    return { holds, tenants };
  }

  private async checkTenant(tx: TenantTx): Promise<TenantCheck> {
    const roots = await rootsOf(tx);
    const checks = [
      ...(await checkRows(tx, roots)),
      ...(await inTurn(SQL_CHECKS, (check) => runSqlCheck(tx, check))),
      await checkOwnersRoots(tx),
      ...(this.secrets === undefined ? [] : [await checkSecrets(tx, this.secrets)]),
    ];
    return { tenantId: tx.tenantId, roots, checks };
  }
}

/** Reads whole tables as an archive has them, for the checks that an archive gets. */
async function checkRows(tx: TenantTx, { audit }: TenantRoots): Promise<Check[]> {
  const checks = [new OriginCheck(), new ProvenanceCheck(), new AuditCheck({ audit })];
  for (const table of READ_TABLES) {
    let row = 0;
    await readTable(tx, table, await columnTypes(tx, exportedTable(table)), async (rows) => {
      for (const one of rows) {
        row += 1;
        for (const check of checks) check.look(table, one, `${table}, row ${row} by its key`);
      }
      return Buffer.byteLength(JSON.stringify(rows));
    });
  }
  for (const check of checks) check.finish();
  return checks.flatMap((check) => check.checks);
}

async function runSqlCheck({ manager, tenantId }: TenantTx, check: SqlCheck): Promise<Check> {
  const [counted]: { count: string }[] = await manager.query(check.counted, [tenantId]);
  const rows: { what: string; total: string }[] = await manager.query(
    `select what, count(*) over () as total from (${check.broken}) broken limit ${SHOWN}`,
    [tenantId],
  );
  const faults = rows.map(({ what }): Fault => ({ code: check.code, where: check.name, what }));
  return {
    name: check.name,
    count: Number(counted?.count ?? 0),
    faults,
    faultCount: Number(rows[0]?.total ?? 0),
  };
}

async function rootsOf({ manager, tenantId }: TenantTx): Promise<TenantRoots> {
  const heads: { line: string; entries: number }[] = await manager.query(
    `select distinct on (work_id) work_id || ' ' || hash as line, sequence as entries from provenance_events
      where tenant_id = $1 order by work_id, sequence desc`,
    [tenantId],
  );
  const [end]: { sequence: string; hash: string }[] = await manager.query(
    'select sequence, hash from audit_ends where tenant_id = $1',
    [tenantId],
  );
  const balances: { line: string }[] = await manager.query(
    `select a.kind || ' ' || a.owner || ' ' || a.asset || ' ' || coalesce(sum(p.amount), 0) as line
       from ledger_accounts a left join ledger_postings p on p.tenant_id = a.tenant_id and p.account_id = a.id
      where a.tenant_id = $1 group by a.kind, a.owner, a.asset`,
    [tenantId],
  );
  const [books]: { sequence: number }[] = await manager.query(
    'select coalesce(max(sequence), 0)::float8 as sequence from ledger_entries where tenant_id = $1',
    [tenantId],
  );
  return {
    provenance: hashOf(heads),
    provenanceEntries: heads.reduce((sum, { entries }) => sum + entries, 0),
    audit: { sequence: Number(end?.sequence ?? 0), hash: end?.hash ?? FIRST_AUDIT_HASH },
    ledger: { sequence: books?.sequence ?? 0, balances: hashOf(balances) },
  };
}

function hashOf(rows: readonly { readonly line: string }[]): string {
  const lines = rows.map(({ line }) => `${line}\n`).sort();
  return createHash('sha256').update(lines.join('')).digest('hex');
}

async function inTurn<In, Out>(items: readonly In[], work: (item: In) => Promise<Out>): Promise<Out[]> {
  const results: Out[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
