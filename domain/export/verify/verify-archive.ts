import type { Readable } from 'node:stream';
import { canonicalJson } from '../../canonical-json';
import { fileOfTable, type Manifest } from '../archive/manifest';
import { readTarGz } from '../archive/read-tar';
import type { Row } from '../table-reader';
import { ArchiveFault, type Check, RunningCheck } from './fault';
import { AuditCheck, ProvenanceCheck } from './history-check';
import { IntegrityCheck } from './integrity';
import { isJsonObject, jsonOf } from './json-of';
import { linesOf } from './lines';
import { OriginCheck } from './origin-check';
import { ReferenceCheck } from './reference-check';
import type { RowCheck } from './row-check';

/** What was found out about an archive. */
export interface Verdict {
  /** Undefined if it cannot be read, or is not what was signed. */
  readonly manifest: Manifest | undefined;
  readonly manifestHash: string | undefined;
  /** In the order in which they were made. */
  readonly checks: readonly Check[];
  /** Whether every check holds. */
  readonly holds: boolean;
}

/** What the checks look into: an archive without them proves nothing. */
const NEEDED_TABLES = ['projects', 'works', 'provenance_events', 'audit_entries'];

/**
 * Checks an archive by itself: first whether its files are those that were signed and, only then, whether what they say
 * holds together. Needs neither a database nor a network.
 *
 * @param open - Opens it anew: it is read twice.
 * @param pinnedKey - The key (32 bytes in hex) that must have signed it; any, if undefined: that proves no origin.
 */
export async function verifyArchive(open: () => Readable, pinnedKey?: string): Promise<Verdict> {
  const { manifest, manifestHash, checks } = await new IntegrityCheck(pinnedKey).run(open());
  const isIntact = checks.every(({ faultCount }) => faultCount === 0);
  if (manifest === undefined || !isIntact) return { manifest, manifestHash, checks, holds: false };
  const all = [...checks, ...(await readRows(open(), manifest))];
  return { manifest, manifestHash, checks: all, holds: all.every(({ faultCount }) => faultCount === 0) };
}

async function readRows(source: Readable, manifest: Manifest): Promise<Check[]> {
  const rows = new RunningCheck('rows');
  const checks: RowCheck[] = [
    new ReferenceCheck(manifest),
    new OriginCheck(),
    new ProvenanceCheck(),
    new AuditCheck(manifest),
  ];
  const tables = new Map(manifest.tables.map((table) => [fileOfTable(table.table), table]));
  for (const table of NEEDED_TABLES)
    if (!tables.has(fileOfTable(table)))
      rows.fail(ArchiveFault.FileMissing, fileOfTable(table), 'an archive has it, be it empty');
  for await (const { name, content } of readTarGz(source)) {
    const table = tables.get(name);
    if (table === undefined) continue;
    const columns = Object.keys(table.columns).sort().join();
    let line = 0;
    for await (const text of linesOf(content)) {
      line += 1;
      const where = `${name}:${line}`;
      const row = parseRow(text, columns);
      rows.expect(
        row !== undefined,
        ArchiveFault.RowInvalid,
        where,
        'it is no row of this table in RFC 8785 form',
      );
      if (row !== undefined) for (const check of checks) check.look(table.table, row, where);
    }
  }
  for (const check of checks) check.finish();
  return [rows, ...checks.flatMap((check) => check.checks)];
}

/** @returns undefined unless it is canonical and has exactly these columns. */
function parseRow(text: string, columns: string): Row | undefined {
  const row = jsonOf(text);
  if (!isJsonObject(row) || canonicalJson(row) !== text) return undefined;
  return Object.keys(row).sort().join() === columns ? row : undefined;
}
