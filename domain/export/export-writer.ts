import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '../../schema/domain-error';
import type { ExportId, TenantId } from '../../schema/ids';
import { clearExport } from '../../schema/jobs';
import type { ExportFailure } from '../../schema/types/tenant-export';
import type { TenantDatabase } from '../../tenants/tenant-database';
import type { EventPublisher } from '../webhooks/event-publisher';
import { exportFailed, exportReady } from '../webhooks/tenant-events';
import { CHUNK_BYTES } from './archive-store';
import { ExportKeyMissingError, ExportRunVoidError, ExportTooLargeError } from './export-errors';
import type { ArchiveFacts, ExportRun } from './export-repository';
import { type ExportStores, INTERNAL_FAILURE } from './export-service';
import { EXPORTED_TABLES } from './tables';
import { type ExportedTenant, noteExport, type TenantExporter } from './tenant-exporter';

/** So often a run may fail, or end with its worker, before the export is given up. */
const MAX_RUNS = 3;
/** How often a run says how far it is, and hears whether it is still wanted. */
const REPORT_EVERY_MS = 1_000;
/** What folders of runs are called, with the process that they belong to. */
const FOLDER = 'colophon-export-';

export interface ExportWriterSettings {
  /** Where tables lie while an archive is made: room for `maxBytes` for each run at once. */
  readonly scratchDir: string;
  /** The most that there may be of a tenant, uncompressed. */
  readonly maxBytes: number;
  /** How long archives are kept. */
  readonly keepHours: number;
}

export interface ExportWriterStores extends ExportStores {
  readonly publisher: EventPublisher;
}

/** How a run stands with its worker. */
export interface RunContext {
  readonly signal: AbortSignal;
  /** The number of this run, from 1. */
  readonly attempt: number;
}

/** Writes the archives that tenants have asked for, piece by piece into the database. */
export class ExportWriter {
  /** @param exporter - Undefined if this worker has no key to sign with. */
  constructor(
    private readonly database: TenantDatabase,
    private readonly stores: ExportWriterStores,
    private readonly exporter: TenantExporter | undefined,
    private readonly settings: ExportWriterSettings,
  ) {}

  /** Removes what processes that were killed have left of tenants on this machine's disk. */
  async removeLeftovers(): Promise<void> {
    const { scratchDir } = this.settings;
    for (const name of await readdir(scratchDir)) {
      const pid = new RegExp(`^${FOLDER}(\\d+)-`).exec(name)?.[1];
      // In a container each process has the same number as the one before.
      if (pid === undefined || (Number(pid) !== process.pid && isAlive(Number(pid)))) continue;
      await rm(join(scratchDir, name), { recursive: true, force: true });
    }
  }

  /**
   * Writes an archive from the beginning, whatever runs before it have left, and makes it available once it is whole.
   * Does nothing for an export that is over.
   *
   * @throws What went wrong, to be run again; the signal's reason.
   */
  async write(tenantId: TenantId, exportId: ExportId, { signal, attempt }: RunContext): Promise<void> {
    const { exports } = this.stores;
    if (attempt > MAX_RUNS) return this.fail(tenantId, exportId, INTERNAL_FAILURE);
    const run = await this.database.transaction(tenantId, (tx) => exports.begin(tx, exportId));
    if (run === undefined) return;
    await this.clear(tenantId, exportId);
    try {
      await this.run(tenantId, run, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ExportRunVoidError) return;
      if (error instanceof DomainError && !error.retryable) return this.fail(tenantId, exportId, error);
      if (attempt === MAX_RUNS) await this.fail(tenantId, exportId, INTERNAL_FAILURE);
      throw error;
    }
  }

  /** Removes what is kept of an export that is over. @returns When it is to be called again; undefined if never. */
  async expire(tenantId: TenantId, exportId: ExportId): Promise<Date | undefined> {
    const { exports } = this.stores;
    const [known] = await this.database.transaction(tenantId, async (tx) => {
      await exports.expire(tx, exportId);
      return exports.findByIds(tx, [exportId]);
    });
    if (known?.state === 'READY' && known.expiresAt !== null) return known.expiresAt;
    await this.clear(tenantId, exportId);
    return undefined;
  }

  private async run(tenantId: TenantId, run: ExportRun, signal: AbortSignal): Promise<void> {
    if (this.exporter === undefined) throw new ExportKeyMissingError();
    const { scratchDir, maxBytes } = this.settings;
    const folder = await mkdtemp(join(scratchDir, `${FOLDER}${process.pid}-`));
    const unwanted = new AbortController();
    const both = AbortSignal.any([signal, unwanted.signal]);
    const progress = new Progress(maxBytes);
    let isReporting = false;
    const reporting = setInterval(() => {
      if (isReporting) return;
      isReporting = true;
      this.report(tenantId, run, progress)
        .catch((error: unknown) => unwanted.abort(error))
        .finally(() => {
          isReporting = false;
        });
    }, REPORT_EVERY_MS);
    try {
      const chunks = new Chunks((position, bytes) => this.put(tenantId, run, position, bytes));
      const made = await this.exporter.write(tenantId, folder, (bytes) => chunks.take(bytes), {
        signal: both,
        onRows: (table, rows, bytes) => progress.note(table, rows, bytes),
      });
      const { manifestHash, manifest } = made;
      const facts = { ...chunks.facts(), manifestHash, snapshotAt: manifest.snapshotAt, rows: progress.rows };
      await this.finish(tenantId, run, made, facts);
    } catch (error) {
      throw unwanted.signal.aborted ? unwanted.signal.reason : error;
    } finally {
      clearInterval(reporting);
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Makes the archive available, puts it on record, and sees to its end. @throws {@link ExportRunVoidError} */
  private async finish(
    tenantId: TenantId,
    run: ExportRun,
    made: ExportedTenant,
    facts: ArchiveFacts & { readonly rows: number },
  ): Promise<void> {
    const { exports, outbox, publisher } = this.stores;
    const { exportId } = run;
    const { keepHours } = this.settings;
    await this.database.transaction(tenantId, async (tx) => {
      const finished = await exports.finish(tx, run, { ...facts, keepHours });
      if (finished === undefined) throw new ExportRunVoidError();
      const { expiresAt } = finished;
      await noteExport(tx, made);
      for (const other of await exports.expireOthers(tx, exportId))
        await outbox.add(tx, clearExport, { tenantId, exportId: other });
      await outbox.add(tx, clearExport, { tenantId, exportId }, { notBefore: expiresAt });
      await publisher.publish(tx, [exportReady(tenantId, { id: exportId, sha256: facts.sha256, expiresAt })]);
    });
  }

  /** @throws {@link ExportRunVoidError} */
  private async put(tenantId: TenantId, run: ExportRun, position: number, bytes: Buffer): Promise<void> {
    const { archives } = this.stores;
    const isKept = await this.database.transaction(tenantId, (tx) => archives.put(tx, run, position, bytes));
    if (!isKept) throw new ExportRunVoidError();
  }

  /** @throws {@link ExportRunVoidError} */
  private async report(tenantId: TenantId, run: ExportRun, { percent, rows }: Progress): Promise<void> {
    const { exports } = this.stores;
    const isWanted = await this.database.transaction(tenantId, (tx) =>
      exports.progress(tx, run, { percent, rows }),
    );
    if (!isWanted) throw new ExportRunVoidError();
  }

  private async fail(
    tenantId: TenantId,
    exportId: ExportId,
    { code, message }: ExportFailure,
  ): Promise<void> {
    const { exports, outbox, publisher } = this.stores;
    await this.database.transaction(tenantId, async (tx) => {
      if (!(await exports.fail(tx, exportId, { code, message }))) return;
      await outbox.add(tx, clearExport, { tenantId, exportId });
      await publisher.publish(tx, [exportFailed(tenantId, exportId, { code, message })]);
    });
  }

  private async clear(tenantId: TenantId, exportId: ExportId): Promise<void> {
    const { archives } = this.stores;
    const removeSome = () => this.database.transaction(tenantId, (tx) => archives.removeSome(tx, exportId));
    while (await removeSome());
  }
}

/** Adds up what is written, table by table. */
class Progress {
  private readonly tables = new Map<string, { readonly rows: number; readonly bytes: number }>();

  constructor(private readonly maxBytes: number) {}

  /** @throws {@link ExportTooLargeError} */
  note(table: string, rows: number, bytes: number): void {
    this.tables.set(table, { rows, bytes });
    if (this.sum('bytes') > this.maxBytes) throw new ExportTooLargeError(this.maxBytes);
  }

  get rows(): number {
    return this.sum('rows');
  }

  /** The place of the last table that had a row, among all. */
  get percent(): number {
    const last = [...this.tables.keys()].at(-1);
    const place = EXPORTED_TABLES.findIndex(({ table }) => table === last);
    return Math.floor((100 * (place + 1)) / (EXPORTED_TABLES.length + 1));
  }

  private sum(field: 'rows' | 'bytes'): number {
    return [...this.tables.values()].reduce((sum, counts) => sum + counts[field], 0);
  }
}

/** Cuts an archive into chunks of one length, and hashes it. */
class Chunks {
  private readonly hash = createHash('sha256');
  private sizeBytes = 0;
  private position = 0;
  private digest: string | undefined;

  constructor(private readonly put: (position: number, bytes: Buffer) => Promise<void>) {}

  async take(bytes: AsyncIterable<Buffer>): Promise<void> {
    let waiting: Buffer[] = [];
    let length = 0;
    for await (const piece of bytes) {
      this.hash.update(piece);
      this.sizeBytes += piece.length;
      waiting.push(piece);
      length += piece.length;
      if (length < CHUNK_BYTES) continue;
      let rest = Buffer.concat(waiting);
      for (; rest.length >= CHUNK_BYTES; rest = rest.subarray(CHUNK_BYTES))
        await this.send(rest.subarray(0, CHUNK_BYTES));
      waiting = [rest];
      length = rest.length;
    }
    if (length > 0) await this.send(Buffer.concat(waiting));
    this.digest = this.hash.digest('hex');
  }

  /** @throws Error unless all has been taken. */
  facts(): { readonly sizeBytes: number; readonly sha256: string } {
    if (this.digest === undefined) throw new Error('the archive is not whole');
    return { sizeBytes: this.sizeBytes, sha256: this.digest };
  }

  private async send(bytes: Buffer): Promise<void> {
    await this.put(this.position, bytes);
    this.position += 1;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Of another user's process we are not told more than that it is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
