import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { TenantTx } from '../../tenants/tenant-database';
import { canonicalJson } from '../canonical-json';
import type { ManifestTable } from './archive/manifest';
import { columnTypes, readTable } from './table-reader';
import type { ExportedTable } from './tables/exported-table';

/** Told how many rows of a table are written so far, and their bytes. What it throws ends the export. */
export type OnRows = (table: string, rows: number, bytes: number) => void;

/** Writes a tenant's rows of one table into a new file, a canonical line per row. @returns What the manifest says of it. */
export async function writeTableFile(
  tx: TenantTx,
  spec: ExportedTable,
  path: string,
  { signal, onRows }: { readonly signal: AbortSignal; readonly onRows: OnRows },
): Promise<ManifestTable> {
  const { table, withheld = {}, references = [] } = spec;
  const columns = await columnTypes(tx, spec);
  const hash = createHash('sha256');
  let [bytes, count] = [0, 0];
  const file = await open(path, 'wx', 0o600);
  try {
    await readTable(tx, table, columns, async (rows) => {
      signal.throwIfAborted();
      const text = Buffer.from(rows.map((row) => `${canonicalJson(row)}\n`).join(''));
      hash.update(text);
      await file.appendFile(text);
      bytes += text.length;
      count += rows.length;
      onRows(table, count, bytes);
      return text.length;
    });
  } finally {
    await file.close();
  }
  return {
    table,
    sha256: hash.digest('hex'),
    bytes,
    rows: count,
    columns: Object.fromEntries([...columns].map(([name, { type }]) => [name, type])),
    withheld: { ...withheld },
    references: references.map(({ columns: from, to, key }) => ({ columns: [...from], to, key: [...key] })),
  };
}
