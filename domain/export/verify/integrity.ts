import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import {
  fileOfTable,
  MANIFEST_FILE,
  type Manifest,
  manifestBytes,
  manifestHash,
  manifestSchema,
  README_FILE,
  SIGNATURE_FILE,
} from '../archive/manifest';
import { type ArchiveFile, readTarGz } from '../archive/read-tar';
import { isSignedBy, keyIdOf } from '../archive/signing-key';
import { ArchiveFault, RunningCheck } from './fault';
import { jsonOf } from './json-of';

/** What is known of an archive once its files were read. */
export interface Integrity {
  /** Undefined if it cannot be read. */
  readonly manifest: Manifest | undefined;
  /** SHA-256, in hex, of the manifest. */
  readonly manifestHash: string | undefined;
  readonly checks: readonly RunningCheck[];
}

/** A manifest names some thousand columns at most. */
const MAX_MANIFEST_BYTES = 4_194_304;
const SIGNATURE_BYTES = 64;
const NEWLINE = 0x0a;

interface Expected {
  readonly sha256: string;
  readonly rows: number | undefined;
}

/** Whether the files are those that were signed, byte for byte. What they mean is not looked at. */
export class IntegrityCheck {
  private readonly archive = new RunningCheck('archive');
  private readonly signature = new RunningCheck('signature');
  private readonly files = new RunningCheck('files');
  private readonly rows = new RunningCheck('rows counted');
  private manifest: Manifest | undefined;
  private manifestHash: string | undefined;

  /** @param pinnedKey - 32 bytes in hex: no other key will do. */
  constructor(private readonly pinnedKey: string | undefined) {}

  async run(source: Readable): Promise<Integrity> {
    try {
      await this.read(readTarGz(source));
      this.archive.count += 1;
    } catch (error) {
      this.archive.fail(
        ArchiveFault.ArchiveUnreadable,
        'archive',
        error instanceof Error ? error.message : String(error),
      );
    }
    const { manifest, manifestHash, archive, signature, files, rows } = this;
    return { manifest, manifestHash, checks: [archive, signature, files, rows] };
  }

  private async read(archive: AsyncGenerator<ArchiveFile>): Promise<void> {
    try {
      const text = await this.readSmall(archive, MANIFEST_FILE, MAX_MANIFEST_BYTES);
      const signature = text && (await this.readSmall(archive, SIGNATURE_FILE, SIGNATURE_BYTES));
      if (text === undefined || signature === undefined) return;
      const manifest = parseManifest(text);
      if (manifest === undefined) {
        const what = 'it is no manifest of this version in RFC 8785 form';
        this.signature.fail(ArchiveFault.ManifestInvalid, MANIFEST_FILE, what);
        return;
      }
      if (!this.isSigned(manifest, text, signature)) return;
      this.manifest = manifest;
      this.manifestHash = manifestHash(text);
      await this.readFiles(archive, manifest);
    } finally {
      await archive.return(undefined);
    }
  }

  /** The next file, which must be this one. */
  private async readSmall(
    archive: AsyncGenerator<ArchiveFile>,
    name: string,
    maxBytes: number,
  ): Promise<Buffer | undefined> {
    const { value: file } = await archive.next();
    if (file?.name !== name || file.size > maxBytes) {
      this.signature.fail(ArchiveFault.FileMissing, name, 'it is not where it should be');
      return undefined;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of file.content) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  private isSigned({ key }: Manifest, text: Buffer, signature: Buffer): boolean {
    const { signature: check, pinnedKey } = this;
    if (pinnedKey !== undefined && key.publicKey !== pinnedKey) {
      const what = `it is signed by the key ${key.publicKey}, not by the one that was given`;
      check.fail(ArchiveFault.KeyMismatch, MANIFEST_FILE, what);
      return false;
    }
    const holds = key.id === keyIdOf(key.publicKey) && isSignedBy(key.publicKey, text, signature);
    check.expect(holds, ArchiveFault.SignatureInvalid, SIGNATURE_FILE, `it is not that of ${key.id}`);
    return holds;
  }

  private async readFiles(archive: AsyncGenerator<ArchiveFile>, manifest: Manifest): Promise<void> {
    const expected = expectedFiles(manifest);
    for await (const file of archive) {
      // In the manifest's order: what is referred to comes before what refers to it.
      const next = expected.keys().next().value;
      const known = expected.get(file.name);
      if (known === undefined || file.name !== next) {
        this.files.fail(ArchiveFault.FileUnexpected, file.name, 'the manifest does not name it here');
        continue;
      }
      expected.delete(file.name);
      await this.readFile(file, known);
    }
    for (const name of expected.keys())
      this.files.fail(ArchiveFault.FileMissing, name, 'the manifest names it');
  }

  private async readFile({ name, content }: ArchiveFile, expected: Expected): Promise<void> {
    const hash = createHash('sha256');
    let lines = 0;
    for await (const chunk of content) {
      hash.update(chunk);
      for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) lines += 1;
    }
    const same = hash.digest('hex') === expected.sha256;
    this.files.expect(same, ArchiveFault.FileChanged, name, 'it is not what was signed');
    if (expected.rows === undefined) return;
    this.rows.count += lines;
    if (lines !== expected.rows)
      this.rows.fail(
        ArchiveFault.RowCountWrong,
        name,
        `it has ${lines} rows, and should have ${expected.rows}`,
      );
  }
}

function parseManifest(text: Buffer): Manifest | undefined {
  const parsed = manifestSchema.safeParse(jsonOf(text.toString()));
  return parsed.success && manifestBytes(parsed.data).equals(text) ? parsed.data : undefined;
}

function expectedFiles({ readme: { sha256 }, tables }: Manifest): Map<string, Expected> {
  return new Map<string, Expected>([
    [README_FILE, { sha256, rows: undefined }],
    ...tables.map((table): [string, Expected] => [fileOfTable(table.table), table]),
  ]);
}
