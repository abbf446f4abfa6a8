import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../../canonical-json';

export const MANIFEST_FILE = 'manifest.json';
export const SIGNATURE_FILE = 'manifest.sig';
export const README_FILE = 'README.md';

/** Version of the archive's own form; what it holds describes itself. */
export const ARCHIVE_VERSION = 1;

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);
const countSchema = z.number().int().min(0);
const wordsSchema = z.record(z.string(), z.string());

const referenceSchema = z.strictObject({
  columns: z.array(z.string()).min(1),
  to: z.string(),
  key: z.array(z.string()).min(1),
});

const tableSchema = z.strictObject({
  table: z.string().regex(/^[a-z][a-z0-9_]{0,62}$/),
  sha256: sha256Schema,
  bytes: countSchema,
  rows: countSchema,
  /** The columns with their types. */
  columns: wordsSchema,
  /** Columns that are left out, with the reason. */
  withheld: wordsSchema,
  references: z.array(referenceSchema),
});

/** `manifest.json`: what an archive holds. Its RFC 8785 form is what is signed. */
export const manifestSchema = z.strictObject({
  format: z.literal('colophon-export'),
  version: z.literal(ARCHIVE_VERSION),
  /** The last migration of the database. */
  schemaVersion: z.string(),
  tenant: z.strictObject({ id: z.uuid(), name: z.string() }),
  /** The moment that the archive shows. */
  snapshotAt: z.string(),
  /** Since when the tenant was suspended then; null if it was not. */
  suspendedAt: z.string().nullable(),
  /** How far each chain was recorded. */
  chains: z.array(
    z.strictObject({
      chainId: z.string(),
      headBlock: z.string(),
      headHash: z.string(),
      finalBlock: z.string(),
      finalHash: z.string(),
    }),
  ),
  /** The end of the audit log; 0 and 64 zeros if it is empty. */
  audit: z.strictObject({ sequence: countSchema, hash: sha256Schema }),
  key: z.strictObject({ algorithm: z.literal('Ed25519'), id: z.string(), publicKey: sha256Schema }),
  readme: z.strictObject({ sha256: sha256Schema, bytes: countSchema }),
  /** In the order in which their files follow. */
  tables: z.array(tableSchema),
  /** Tables of the tenant that are left out, with the reason. */
  excluded: wordsSchema,
});

export type Manifest = z.output<typeof manifestSchema>;
export type ManifestTable = Manifest['tables'][number];

/** The bytes of `manifest.json`. */
export function manifestBytes(manifest: Manifest): Buffer {
  return Buffer.from(canonicalJson(manifest));
}

/** What an archive is known by: SHA-256, in hex, of its `manifest.json`. */
export function manifestHash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The file that holds a table, one RFC 8785 line per row. */
export function fileOfTable(table: string): string {
  return `data/${table}.jsonl`;
}
