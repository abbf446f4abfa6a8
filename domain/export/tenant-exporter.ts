import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TenantId } from '../../schema/ids';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import {
  ARCHIVE_VERSION,
  fileOfTable,
  MANIFEST_FILE,
  type Manifest,
  type ManifestTable,
  manifestBytes,
  manifestHash,
  README_FILE,
  SIGNATURE_FILE,
} from './archive/manifest';
import { readme } from './archive/readme';
import type { SigningKey } from './archive/signing-key';
import { type ArchiveSink, fileSink, type PackedFile, packTarGz } from './archive/write-tar';
import { ExportFileExistsError } from './export-errors';
import { type OnRows, writeTableFile } from './table-file';
import { EXCLUDED_TABLES, EXPORTED_TABLES } from './tables';
import { readSnapshotFacts } from './tenant-snapshot';

export interface ExportOptions {
  /** Stops it: nothing is left behind. */
  readonly signal: AbortSignal;
  readonly onRows: OnRows;
}

/** What was exported. */
export interface ExportedTenant {
  readonly manifest: Manifest;
  readonly manifestHash: string;
}

/** Exports all that is held of a tenant as one signed archive. */
export class TenantExporter {
  /** @param schemaVersion - Name of the last migration. */
  constructor(
    private readonly database: TenantDatabase,
    private readonly key: SigningKey,
    private readonly schemaVersion: string,
  ) {}

  /**
   * Writes the archive of one moment to a new file, and notes that it was made. Tables lie beside it meanwhile, in a
   * folder `FILE.partial-…` that goes with whatever ends the export: the file itself is whole, or not there.
   *
   * @throws {@link ExportFileExistsError}, {@link TenantUnknownError}, or the signal's reason.
   */
  async export(tenantId: TenantId, file: string, options: ExportOptions): Promise<ExportedTenant> {
    if (existsSync(file)) throw new ExportFileExistsError(file);
    const folder = await mkdtemp(`${file}.partial-`);
    try {
      const archive = join(folder, 'archive');
      const made = await this.write(tenantId, folder, fileSink(archive), options);
      if (existsSync(file)) throw new ExportFileExistsError(file);
      await rename(archive, file);
      await this.database.transaction(tenantId, (tx) => noteExport(tx, made));
      return made;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /**
   * Writes the archive of one moment into `sink`, and notes nothing.
   *
   * @param folder - Where the tables lie meanwhile: an empty one, which is the caller's to remove.
   * @throws {@link TenantUnknownError}, the signal's reason, or what `sink` throws.
   */
  async write(
    tenantId: TenantId,
    folder: string,
    sink: ArchiveSink,
    options: ExportOptions,
  ): Promise<ExportedTenant> {
    const { manifest, text } = await this.collect(tenantId, folder, options);
    const bytes = manifestBytes(manifest);
    const files: PackedFile[] = [
      { name: MANIFEST_FILE, bytes },
      { name: SIGNATURE_FILE, bytes: this.key.sign(bytes) },
      { name: README_FILE, bytes: text },
      ...manifest.tables.map((table) => ({
        name: fileOfTable(table.table),
        path: join(folder, table.table),
        size: table.bytes,
      })),
    ];
    await packTarGz(files, sink, { modifiedAt: new Date(manifest.snapshotAt), signal: options.signal });
    options.signal.throwIfAborted();
    return { manifest, manifestHash: manifestHash(bytes) };
  }

  private async collect(
    tenantId: TenantId,
    folder: string,
    options: ExportOptions,
  ): Promise<{ manifest: Manifest; text: Buffer }> {
    return this.database.snapshot(tenantId, async (tx) => {
      const facts = await readSnapshotFacts(tx);
      const tables: ManifestTable[] = [];
      for (const spec of EXPORTED_TABLES) {
        options.signal.throwIfAborted();
        tables.push(await writeTableFile(tx, spec, join(folder, spec.table), options));
      }
      const { algorithm, id, publicKey } = this.key;
      const described: Omit<Manifest, 'readme'> = {
        format: 'colophon-export',
        version: ARCHIVE_VERSION,
        schemaVersion: this.schemaVersion,
        ...facts,
        key: { algorithm, id, publicKey },
        tables,
        excluded: { ...EXCLUDED_TABLES },
      };
      const text = Buffer.from(readme(described));
      const sha256 = createHash('sha256').update(text).digest('hex');
      return { manifest: { ...described, readme: { sha256, bytes: text.length } }, text };
    });
  }
}

/** A tenant is deleted only if the export of what is held of it is on record. */
export async function noteExport(
  { manager, tenantId }: TenantTx,
  { manifest, manifestHash: hash }: ExportedTenant,
): Promise<void> {
  await manager.query(
    `insert into tenant_exports (tenant_id, manifest_hash, signer, snapshot_at, suspended_at)
     values ($1, $2, $3, $4, $5)`,
    [tenantId, hash, manifest.key.id, manifest.snapshotAt, manifest.suspendedAt],
  );
}
