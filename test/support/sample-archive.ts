import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { keccak256, stringToBytes } from 'viem';
import { commitmentOf, tokenIdOf } from '../../chains/evm/registry/work-origin';
import { auditHash, FIRST_AUDIT_HASH } from '../../domain/audit/audit-entry';
import { canonicalHash, canonicalJson } from '../../domain/canonical-json';
import { fileOfTable, type Manifest, manifestBytes } from '../../domain/export/archive/manifest';
import type { SigningKey } from '../../domain/export/archive/signing-key';
import {
  BLOCK_BYTES,
  END_OF_ARCHIVE,
  paddingBytes,
  parseTarHeader,
  tarHeader,
  tarPadding,
} from '../../domain/export/archive/ustar';
import { EXCLUDED_TABLES, EXPORTED_TABLES } from '../../domain/export/tables';
import { FIRST_PREVIOUS_HASH, hashEntry } from '../../domain/provenance/provenance-entry';

type SampleRow = Record<string, unknown>;
/** The rows of an archive, by table. */
export type SampleRows = Record<string, SampleRow[]>;

export interface SampleFile {
  readonly name: string;
  readonly bytes: Buffer;
}

const TENANT_ID = '0f0e0d0c-0b0a-4908-8706-050403020100';
const ENTRIES = 4;
const uuid = (digit: number) => `${String(digit).repeat(8)}-0000-4000-8000-000000000000`;

/** A small archive's rows in which everything holds together; each call makes them anew, to be changed. */
export function sampleRows(): SampleRows {
  const script = 'draw()';
  const works = [1, 2].map((edition) => {
    const document = { version: 1, nonce: `n${edition}` };
    const origin = {
      documentHash: canonicalHash(document),
      seed: keccak256(stringToBytes(`seed ${edition}`)),
      edition: BigInt(edition),
    };
    const commitment = commitmentOf(origin);
    return {
      id: uuid(edition),
      project_id: uuid(9),
      document,
      document_hash: origin.documentHash,
      edition,
      seed: origin.seed,
      commitment,
      token_id: String(tokenIdOf(commitment, origin.edition)),
    };
  });
  return {
    projects: [{ id: uuid(9), script, script_hash: keccak256(stringToBytes(script)) }],
    audit_entries: sampleAudit(),
    works,
    provenance_events: works.flatMap(({ id }) => sampleHistory(id)),
    legs: works.map(({ id }) => ({ work_id: id, state: 'LIVE' })),
  };
}

function sampleHistory(workId: string): SampleRow[] {
  let previousHash = FIRST_PREVIOUS_HASH;
  return Array.from({ length: ENTRIES }, (_, index) => {
    const entry = hashEntry({
      sequence: index + 1,
      kind: 'Transferred',
      facts: { to: index, work: workId },
      evidence: null,
      previousHash,
    });
    previousHash = entry.hash;
    const { sequence, kind, facts, evidence, previousHash: previous_hash, hash } = entry;
    return { work_id: workId, sequence, kind, facts, evidence, previous_hash, hash };
  });
}

function sampleAudit(): SampleRow[] {
  let previousHash = FIRST_AUDIT_HASH;
  return Array.from({ length: ENTRIES }, (_, index) => {
    const facts = {
      sequence: index + 1,
      at: `2026-11-01T00:00:00.00000${index}Z`,
      operation: 'createProject',
      actor: 'somebody',
      scopes: ['read'],
      requestId: `r${index}`,
      inputHash: FIRST_AUDIT_HASH,
      previousHash,
    };
    const hash = auditHash(facts);
    const row = {
      sequence: String(facts.sequence),
      created_at: facts.at,
      operation: facts.operation,
      actor: facts.actor,
      scopes: facts.scopes,
      request_id: facts.requestId,
      input_hash: facts.inputHash,
      previous_hash: previousHash,
      hash,
    };
    previousHash = hash;
    return row;
  });
}

/** The files of a signed archive with these rows; `over` makes its manifest say something else. */
export function sampleFiles(
  rows: SampleRows,
  key: SigningKey,
  over: (manifest: Manifest) => Manifest = (manifest) => manifest,
  lines: (table: string, row: SampleRow) => string = (_table, row) => canonicalJson(row),
): SampleFile[] {
  const texts = Object.entries(rows).map(([table, list]) => ({
    table,
    list,
    bytes: Buffer.from(list.map((row) => `${lines(table, row)}\n`).join('')),
  }));
  const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
  const readme = Buffer.from('Read me.\n');
  const end = sampleAudit().at(-1);
  const manifest: Manifest = {
    format: 'colophon-export',
    version: 1,
    schemaVersion: 'Last',
    tenant: { id: TENANT_ID, name: 'Gallery' },
    snapshotAt: '2026-11-01T00:00:00.000000Z',
    suspendedAt: null,
    chains: [],
    audit: { sequence: ENTRIES, hash: String(end?.['hash']) },
    key: { algorithm: key.algorithm, id: key.id, publicKey: key.publicKey },
    readme: { sha256: sha256(readme), bytes: readme.length },
    tables: texts.map(({ table, list, bytes }) => ({
      table,
      sha256: sha256(bytes),
      bytes: bytes.length,
      rows: list.length,
      columns: Object.fromEntries(Object.keys(sampleRows()[table]?.[0] ?? {}).map((name) => [name, 'text'])),
      withheld: {},
      references: (EXPORTED_TABLES.find((spec) => spec.table === table)?.references ?? [])
        .filter(({ to, columns }) => to in rows && columns.every((column) => column in (list[0] ?? {})))
        .map(({ columns, to, key: target }) => ({ columns: [...columns], to, key: [...target] })),
    })),
    excluded: { ...EXCLUDED_TABLES },
  };
  const bytes = manifestBytes(over(manifest));
  return [
    { name: 'manifest.json', bytes },
    { name: 'manifest.sig', bytes: key.sign(bytes) },
    { name: 'README.md', bytes: readme },
    ...texts.map((text) => ({ name: fileOfTable(text.table), bytes: text.bytes })),
  ];
}

/** Packs files as an export does. */
export function pack(files: readonly SampleFile[]): Buffer {
  return gzipSync(packTar(files));
}

export function packTar(files: readonly SampleFile[]): Buffer {
  return Buffer.concat([
    ...files.flatMap(({ name, bytes }) => [
      tarHeader({ name, size: bytes.length }, new Date(0)),
      bytes,
      tarPadding(bytes.length),
    ]),
    END_OF_ARCHIVE,
  ]);
}

/** What an archive says, whatever its container looks like; undefined if it cannot be unpacked. */
export function unpack(archive: Buffer): string | undefined {
  let tar: Buffer;
  try {
    tar = gunzipSync(archive);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
  const said: string[] = [];
  for (let at = 0; ; ) {
    const entry = parseTarHeader(tar.subarray(at, at + BLOCK_BYTES));
    if (entry === undefined) return said.join('\n');
    const from = at + BLOCK_BYTES;
    said.push(entry.name, tar.toString('hex', from, from + entry.size));
    at = from + entry.size + paddingBytes(entry.size);
  }
}
