import type { ErrorCode } from '../../schema/error-codes';
import type { ExportId } from '../../schema/ids';
import type { ExportFilter } from '../../schema/inputs/export';
import type { PageRequest } from '../../schema/inputs/page';
import type { Page } from '../../schema/types/connection';
import {
  archivePathOf,
  type ExportFailure,
  ExportState,
  type TenantExport,
} from '../../schema/types/tenant-export';
import type { TenantReads, TenantTx } from '../../tenants/tenant-database';
import { readPage } from '../page';

interface ExportRow {
  readonly id: ExportId;
  readonly state: ExportState;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
  readonly expires_at: Date | null;
  readonly percent: number;
  readonly row_count: string;
  readonly size_bytes: string | null;
  readonly sha256: string | null;
  readonly manifest_hash: string | null;
  readonly snapshot_at: Date | null;
  readonly failure_code: ErrorCode | null;
  readonly failure_message: string | null;
  readonly downloads: number;
  readonly last_downloaded_at: Date | null;
}

// An archive is out of reach from the moment on that it expires, whenever it is removed.
const STATE = `case when state = 'READY' and expires_at <= now() then 'EXPIRED' else state end`;
const COLUMNS = `id, ${STATE} as state, created_at, started_at, finished_at, expires_at, percent, row_count, size_bytes,
  sha256, manifest_hash, snapshot_at, failure_code, failure_message, downloads, last_downloaded_at`;
const OPEN = `state in ('REQUESTED', 'RUNNING')`;

/** One time that a worker writes an export: what another one began since makes it void. */
export interface ExportRun {
  readonly exportId: ExportId;
  readonly attempt: number;
}

/** What is known of an archive once it is whole. */
export interface ArchiveFacts {
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly manifestHash: string;
  readonly snapshotAt: string;
}

/** The exports that tenants asked for. */
export class ExportRepository {
  /** @throws QueryFailedError (`one_export_at_a_time`) while another is under way. */
  async insert(tx: TenantTx): Promise<TenantExport> {
    const rows: ExportRow[] = await tx.manager.query(
      `insert into export_requests (tenant_id) values ($1) returning ${COLUMNS}`,
      [tx.tenantId],
    );
    return only(rows);
  }

  /** How many were asked for in this UTC day. */
  async countToday(tx: TenantTx): Promise<number> {
    const rows: { count: string }[] = await tx.manager.query(
      `select count(*) from export_requests
        where tenant_id = $1 and created_at >= date_trunc('day', now() at time zone 'utc') at time zone 'utc'`,
      [tx.tenantId],
    );
    return Number(rows[0]?.count);
  }

  async findByIds(tx: TenantTx, ids: readonly ExportId[]): Promise<TenantExport[]> {
    const rows: ExportRow[] = await tx.manager.query(
      `select ${COLUMNS} from export_requests where tenant_id = $1 and id = any($2)`,
      [tx.tenantId, ids],
    );
    return rows.map(toExport);
  }

  async page(tx: TenantReads, request: PageRequest, filter: ExportFilter): Promise<Page<TenantExport>> {
    return readPage(tx, request, {
      columns: COLUMNS,
      table: 'export_requests',
      where: { [STATE]: filter?.state },
      toNode: toExport,
    });
  }

  /** Gives an export up that is under way or READY. @returns undefined if it is over. */
  async cancel(tx: TenantTx, id: ExportId): Promise<TenantExport | undefined> {
    const rows: ExportRow[] = await changed(
      tx,
      `update export_requests set state = 'CANCELLED', finished_at = now()
        where tenant_id = $1 and id = $2 and (${OPEN} or (state = 'READY' and expires_at > now())) returning ${COLUMNS}`,
      [id],
    );
    return rows[0] && toExport(rows[0]);
  }

  /** Notes that a download begins. @returns undefined if there is no archive to download. */
  async noteDownload(tx: TenantTx, id: ExportId): Promise<(ArchiveFacts & ExportRun) | undefined> {
    const [row] = await changed<ExportRow & { attempt: number }>(
      tx,
      `update export_requests set downloads = downloads + 1, last_downloaded_at = now()
        where tenant_id = $1 and id = $2 and state = 'READY' and expires_at > now() returning ${COLUMNS}, attempt`,
      [id],
    );
    return row && { exportId: id, attempt: row.attempt, ...factsOf(row) };
  }

  /** Begins writing, also after a run that was cut short. @returns undefined if there is nothing to write. */
  async begin(tx: TenantTx, exportId: ExportId): Promise<ExportRun | undefined> {
    const [row] = await changed<{ attempt: number }>(
      tx,
      `update export_requests set state = 'RUNNING', attempt = attempt + 1, started_at = now(), percent = 0, row_count = 0
        where tenant_id = $1 and id = $2 and ${OPEN} returning attempt`,
      [exportId],
    );
    return row && { exportId, attempt: row.attempt };
  }

  /** @returns false if the run is void. */
  async progress(
    tx: TenantTx,
    { exportId, attempt }: ExportRun,
    { percent, rows }: { readonly percent: number; readonly rows: number },
  ): Promise<boolean> {
    const updated = await changed(
      tx,
      `update export_requests set percent = $4, row_count = $5
        where tenant_id = $1 and id = $2 and attempt = $3 and state = 'RUNNING' returning 1`,
      [exportId, attempt, percent, rows],
    );
    return updated.length > 0;
  }

  /** Makes the archive available. @returns undefined if the run is void. */
  async finish(
    tx: TenantTx,
    { exportId, attempt }: ExportRun,
    facts: ArchiveFacts & { readonly rows: number; readonly keepHours: number },
  ): Promise<{ readonly expiresAt: Date } | undefined> {
    const [row] = await changed<{ expires_at: Date }>(
      tx,
      `update export_requests
          set state = 'READY', percent = 100, row_count = $4, size_bytes = $5, sha256 = $6, manifest_hash = $7, snapshot_at = $8,
              finished_at = now(), expires_at = now() + make_interval(hours => $9)
        where tenant_id = $1 and id = $2 and attempt = $3 and state = 'RUNNING' returning expires_at`,
      [
        exportId,
        attempt,
        facts.rows,
        facts.sizeBytes,
        facts.sha256,
        facts.manifestHash,
        facts.snapshotAt,
        facts.keepHours,
      ],
    );
    return row && { expiresAt: row.expires_at };
  }

  /** @returns false if it is over. */
  async fail(tx: TenantTx, exportId: ExportId, { code, message }: ExportFailure): Promise<boolean> {
    const rows = await changed(
      tx,
      `update export_requests set state = 'FAILED', finished_at = now(), failure_code = $3, failure_message = $4
        where tenant_id = $1 and id = $2 and ${OPEN} returning 1`,
      [exportId, code, message],
    );
    return rows.length > 0;
  }

  /** Ends what another export takes the place of. @returns Those that were READY. */
  async expireOthers(tx: TenantTx, exportId: ExportId): Promise<ExportId[]> {
    const rows = await changed<{ id: ExportId }>(
      tx,
      `update export_requests set state = 'EXPIRED', expires_at = least(expires_at, now())
        where tenant_id = $1 and id <> $2 and state = 'READY' returning id`,
      [exportId],
    );
    return rows.map(({ id }) => id);
  }

  /** Ends it if its time is over. */
  async expire(tx: TenantTx, exportId: ExportId): Promise<void> {
    await tx.manager.query(
      `update export_requests set state = 'EXPIRED' where tenant_id = $1 and id = $2 and state = 'READY' and expires_at <= now()`,
      [tx.tenantId, exportId],
    );
  }
}

/** The rows that an update returns. */
async function changed<Row>(
  { manager, tenantId }: TenantTx,
  sql: string,
  values: readonly unknown[],
): Promise<Row[]> {
  return manager.query<Row[]>(`with changed as (${sql}) select * from changed`, [tenantId, ...values]);
}

function only(rows: readonly ExportRow[]): TenantExport {
  const [row] = rows;
  if (row === undefined) throw new Error('an insert returns its row');
  return toExport(row);
}

function toExport(row: ExportRow): TenantExport {
  return {
    id: row.id,
    state: row.state,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    expiresAt: row.expires_at,
    percent: row.percent,
    rows: Number(row.row_count),
    sizeBytes: row.size_bytes === null ? null : Number(row.size_bytes),
    sha256: row.sha256,
    manifestHash: row.manifest_hash,
    snapshotAt: row.snapshot_at,
    archivePath: row.state === ExportState.READY ? archivePathOf(row.id) : null,
    failure:
      row.failure_code === null ? null : { code: row.failure_code, message: row.failure_message ?? '' },
    downloads: row.downloads,
    lastDownloadedAt: row.last_downloaded_at,
  };
}

function factsOf({ size_bytes, sha256, manifest_hash, snapshot_at }: ExportRow): ArchiveFacts {
  if (size_bytes === null || sha256 === null || manifest_hash === null || snapshot_at === null)
    throw new Error('an export that is READY has an archive');
  return {
    sizeBytes: Number(size_bytes),
    sha256,
    manifestHash: manifest_hash,
    snapshotAt: snapshot_at.toISOString(),
  };
}
