import { statSync } from 'node:fs';
import { TenantExporter } from '../../domain/export/tenant-exporter';
import { migrations } from '../../migrations';
import { openDataSource } from '../../tenants/data-source';
import { TenantDatabase } from '../../tenants/tenant-database';
import { CommandError } from '../cli-errors';
import type { CommandContext } from '../commands';
import { hasCode } from '../embedded/system-errors';
import type { ExportCommand } from './export-arguments';
import { findSource } from './export-source';
import { ExportProgress } from './progress';

/** `export`: writes all that is held of a tenant into one signed archive. @throws DomainError that says what to do. */
export async function runExport(
  command: ExportCommand,
  { env, print, signal }: CommandContext,
): Promise<void> {
  const { databaseUrl, tenantId, key } = findSource(command, env);
  const dataSource = await openDataSource({
    url: databaseUrl,
    poolSize: 1,
    applicationName: 'colophon-export',
  });
  const progress = new ExportProgress(print);
  try {
    const exporter = new TenantExporter(new TenantDatabase(dataSource), key, schemaVersion());
    const { manifest, manifestHash } = await exporter.export(tenantId, command.file, {
      signal,
      onRows: progress.onRows,
    });
    progress.finish();
    const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
    print(`${command.file}: ${rows.toLocaleString('en')} rows, ${statSync(command.file).size.toLocaleString('en')} bytes

  tenant    ${manifest.tenant.id}
  as of     ${manifest.snapshotAt}
  manifest  ${manifestHash}
  key       ${key.publicKey}

Give the receiver the key another way than the archive: colophon verify FILE --key KEY checks both.`);
  } catch (cause) {
    if (signal.aborted) throw new CommandError('The export was stopped; nothing is left of it.', { cause });
    if (hasCode(cause, 'ENOENT', 'ENOTDIR', 'EACCES', 'EROFS', 'ENOSPC'))
      throw new CommandError(`${command.file} cannot be written: ${String(cause)}`, { cause });
    throw cause;
  } finally {
    await dataSource.destroy();
  }
}

function schemaVersion(): string {
  const last = migrations.at(-1);
  if (last === undefined) throw new Error('there is no migration');
  return last.name;
}
