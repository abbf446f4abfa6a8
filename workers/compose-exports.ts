import { readFileSync } from 'node:fs';
import type { Domain } from '../domain/compose';
import { SigningKey } from '../domain/export/archive/signing-key';
import { ExportWriter } from '../domain/export/export-writer';
import { TenantExporter } from '../domain/export/tenant-exporter';
import { migrations } from '../migrations';
import type { TenantDatabase } from '../tenants/tenant-database';
import type { WorkerConfig } from './config';

const MIB = 1_048_576;

/** The key that archives are signed with, if this worker has one. @throws Error if it cannot be read. */
export function readExportKey({ EXPORT_KEY_FILE: file }: WorkerConfig): SigningKey | undefined {
  return file === undefined ? undefined : SigningKey.fromPem(readFileSync(file, 'utf8'));
}

/** What writes archives for tenants. */
export function composeExports(
  { EXPORT_SCRATCH_DIR, EXPORT_MAX_MIB, EXPORT_KEEP_HOURS }: WorkerConfig,
  key: SigningKey | undefined,
  tenants: TenantDatabase,
  { exportStores }: Domain,
): ExportWriter {
  const exporter = key && new TenantExporter(tenants, key, lastMigration());
  return new ExportWriter(tenants, exportStores, exporter, {
    scratchDir: EXPORT_SCRATCH_DIR,
    maxBytes: EXPORT_MAX_MIB * MIB,
    keepHours: EXPORT_KEEP_HOURS,
  });
}

function lastMigration(): string {
  const last = migrations.at(-1);
  if (last === undefined) throw new Error('there is no migration');
  return last.name;
}
