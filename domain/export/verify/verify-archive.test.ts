import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import {
  pack,
  packTar,
  type SampleFile,
  type SampleRows,
  sampleFiles,
  sampleRows,
  unpack,
} from '../../../test/support/sample-archive';
import { auditHash } from '../../audit/audit-entry';
import { hashEntry } from '../../provenance/provenance-entry';
import { SigningKey } from '../archive/signing-key';
import { BLOCK_BYTES } from '../archive/ustar';
import { type Verdict, verifyArchive } from './verify-archive';

const key = SigningKey.fromPem(SigningKey.generatePem());
const files = sampleFiles(sampleRows(), key);
const archive = pack(files);

const verify = (bytes: Buffer, pinned?: string) => verifyArchive(() => Readable.from([bytes]), pinned);
/** The codes of all faults, each once, in the order of the checks. */
const codesOf = ({ checks }: Verdict) => [
  ...new Set(checks.flatMap(({ faults }) => faults.map(({ code }) => code))),
];
const wheresOf = ({ checks }: Verdict) => checks.flatMap(({ faults }) => faults.map(({ where }) => where));

/** Numbers below `limit` that are the same at each run (Park and Miller's generator). */
function numbers(seed: number, limit: number, count: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return state % limit;
  });
}

function flipped(bytes: Buffer, at: number): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeUInt8(changed.readUInt8(at) ^ (1 << (at % 8)), at);
  return changed;
}

test('an archive in which all holds together is accepted, in chunks of any size', async () => {
  for (const size of [1, 100, archive.length]) {
    const chunks = Array.from({ length: Math.ceil(archive.length / size) }, (_, index) =>
      archive.subarray(index * size, (index + 1) * size),
    );
    const verdict = await verifyArchive(() => Readable.from(chunks), key.publicKey);
    expect(verdict).toMatchObject({ holds: true });
    expect(codesOf(verdict)).toEqual([]);
  }
});

describe('without the key', () => {
  const withFile = (name: string, change: (bytes: Buffer) => Buffer) =>
    pack(files.map((file) => (file.name === name ? { name, bytes: change(file.bytes) } : file)));
  const withLines = (name: string, change: (lines: string[]) => string[]) =>
    withFile(name, (bytes) =>
      Buffer.from(`${change(bytes.toString().split('\n').slice(0, -1)).join('\n')}\n`),
    );

  test('a flipped bit of any file is found, and where', async () => {
    for (const { name, bytes } of files)
      for (const at of [0, bytes.length - 1, ...numbers(7, bytes.length, 6)]) {
        const verdict = await verify(withFile(name, (content) => flipped(content, at)));
        expect(verdict.holds).toBe(false);
        const reasons = name.startsWith('manifest')
          ? ['SIGNATURE_INVALID', 'MANIFEST_INVALID']
          : ['FILE_CHANGED'];
        expect(reasons).toEqual(expect.arrayContaining(codesOf(verdict).slice(0, 1)));
        if (name.startsWith('data/')) expect(wheresOf(verdict)).toContain(name);
      }
  });

  test('a flipped bit of the archive around the files is found, or changes nothing of what it says', async () => {
    const said = unpack(archive);
    for (const at of numbers(11, archive.length, 120)) {
      const changed = flipped(archive, at);
      const { holds } = await verify(changed);
      if (holds) expect(unpack(changed)).toBe(said);
    }
    const tar = packTar(files);
    for (const at of numbers(13, tar.length, 120)) {
      const changed = gzipSync(flipped(tar, at));
      const { holds } = await verify(changed);
      if (holds) expect(unpack(changed)).toBe(said);
    }
  });

  test('one that is cut short anywhere cannot be read', async () => {
    const tar = packTar(files);
    for (const length of [0, 1, archive.length - 1, ...numbers(17, archive.length, 20)])
      expect(codesOf(await verify(archive.subarray(0, length)))).toContain('ARCHIVE_UNREADABLE');
    for (const length of numbers(19, tar.length - 512, 20))
      expect(codesOf(await verify(gzipSync(tar.subarray(0, length))))).toContain('ARCHIVE_UNREADABLE');
  });

  test('something that is hidden between the files is found', async () => {
    const tar = packTar(files);
    const [manifest] = files as [SampleFile];
    const padding = BLOCK_BYTES + manifest.bytes.length;
    expect(tar.readUInt8(padding)).toBe(0);
    for (const at of [padding, tar.length - BLOCK_BYTES])
      expect(codesOf(await verify(gzipSync(flipped(tar, at))))).toContain('ARCHIVE_UNREADABLE');
  });

  test('something else than an archive cannot be read', async () => {
    for (const bytes of [Buffer.from('no archive'), gzipSync('no archive'), gzipSync(Buffer.alloc(5_000, 7))])
      expect(codesOf(await verify(bytes))).toEqual(['ARCHIVE_UNREADABLE']);
    const dangling = verifyArchive(() => Readable.from(failing()));
    expect(codesOf(await dangling)).toEqual(['ARCHIVE_UNREADABLE']);
  });

  test.each<[string, (lines: string[]) => string[], string[]]>([
    ['removed', (lines) => lines.slice(1), ['FILE_CHANGED', 'ROW_COUNT_WRONG']],
    ['repeated', ([first = '', ...rest]) => [first, first, ...rest], ['FILE_CHANGED', 'ROW_COUNT_WRONG']],
    ['swapped', ([one = '', two = '', ...rest]) => [two, one, ...rest], ['FILE_CHANGED']],
  ])('a line that is %s is found', async (_how, change, codes) => {
    const verdict = await verify(withLines('data/provenance_events.jsonl', change));
    expect(codesOf(verdict)).toEqual(codes);
    expect(new Set(wheresOf(verdict))).toEqual(new Set(['data/provenance_events.jsonl']));
  });

  test.each<[string, (all: readonly SampleFile[]) => readonly SampleFile[], string]>([
    ['lacks', (all) => all.filter(({ name }) => name !== 'data/legs.jsonl'), 'FILE_MISSING'],
    ['lacks its manifest as', (all) => all.slice(1), 'FILE_MISSING'],
    ['lacks its signature as', (all) => all.filter(({ name }) => name !== 'manifest.sig'), 'FILE_MISSING'],
    ['adds', (all) => [...all, { name: 'data/more.jsonl', bytes: Buffer.from('{}\n') }], 'FILE_UNEXPECTED'],
    ['repeats', (all) => [...all, ...all.slice(-1)], 'FILE_UNEXPECTED'],
    ['reorders', (all) => [...all.slice(0, 3), ...all.slice(3).reverse()], 'FILE_UNEXPECTED'],
  ])('an archive that %s a file is refused', async (_how, change, code) => {
    expect(codesOf(await verify(pack(change(files))))).toContain(code);
  });
});

async function* failing(): AsyncGenerator<Buffer> {
  yield archive.subarray(0, 20);
  throw new Error('the disk is broken');
}

describe('with another key', () => {
  const other = SigningKey.fromPem(SigningKey.generatePem());
  const forged = sampleFiles(sampleRows(), other);

  test('a signed forgery is refused by whoever knows the right key, and by nobody else', async () => {
    expect(codesOf(await verify(pack(forged), key.publicKey))).toEqual(['KEY_MISMATCH']);
    expect(await verify(pack(forged))).toMatchObject({ holds: true });
  });

  test('a manifest that names the right key is not signed by another', async () => {
    const named = sampleFiles(sampleRows(), other, (manifest) => ({
      ...manifest,
      key: { algorithm: 'Ed25519', id: key.id, publicKey: key.publicKey },
    }));
    for (const pinned of [undefined, key.publicKey])
      expect(codesOf(await verify(pack(named), pinned))).toEqual(['SIGNATURE_INVALID']);
  });

  test('an old signature does not fit a new manifest', async () => {
    const [manifest, , ...rest] = forged as [SampleFile, SampleFile, ...SampleFile[]];
    const mixed = [manifest, files[1] as SampleFile, ...rest];
    expect(codesOf(await verify(pack(mixed)))).toEqual(['SIGNATURE_INVALID']);
  });
});

/** Changes one row of a table. */
const change = (table: string, index: number, over: object) => (rows: SampleRows) => {
  const row = rows[table]?.[index];
  if (row === undefined) throw new Error('there is no such row');
  Object.assign(row, over);
};
/** Changes an entry of a log and gives it the hash that then fits it. */
const rewriteHistory = (rows: SampleRows) => {
  const row = rows['provenance_events']?.[1] ?? {};
  const [kind, previousHash] = [String(row['kind']), String(row['previous_hash'])];
  const facts = { to: 9 };
  const { hash } = hashEntry({ sequence: 2, kind, facts, evidence: null, previousHash });
  Object.assign(row, { facts, hash });
};
const rewriteLog = (rows: SampleRows) => {
  const row = rows['audit_entries']?.[1] ?? {};
  row['actor'] = 'nobody';
  row['hash'] = auditHash({
    sequence: 2,
    at: String(row['created_at']),
    operation: String(row['operation']),
    actor: 'nobody',
    scopes: ['read'],
    requestId: String(row['request_id']),
    inputHash: String(row['input_hash']),
    previousHash: String(row['previous_hash']),
  });
};
const remove = (table: string, index: number) => (rows: SampleRows) => void rows[table]?.splice(index, 1);
const [otherRow] = sampleRows()['works'] ?? [];
const otherHash = `0x${'5'.repeat(64)}`;

describe('even with the right key', () => {
  test.each<[string, (rows: SampleRows) => void, string[], string]>([
    ['another script', change('projects', 0, { script: 'steal()' }), ['SCRIPT_CHANGED'], 'projects.jsonl:1'],
    [
      'another document',
      change('works', 1, { document: { nonce: 'x' } }),
      ['DOCUMENT_CHANGED', 'COMMITMENT_WRONG'],
      'works.jsonl:2',
    ],
    [
      'another document hash',
      change('works', 1, { document_hash: otherHash }),
      ['DOCUMENT_CHANGED'],
      'works.jsonl:2',
    ],
    ['another seed', change('works', 0, { seed: otherHash }), ['COMMITMENT_WRONG'], 'works.jsonl:1'],
    [
      'another commitment',
      change('works', 0, { commitment: otherHash }),
      ['COMMITMENT_WRONG', 'WORK_ID_WRONG'],
      'works.jsonl:1',
    ],
    [
      'another edition',
      change('works', 0, { edition: 7 }),
      ['COMMITMENT_WRONG', 'WORK_ID_WRONG'],
      'works.jsonl:1',
    ],
    ['another id of a token', change('works', 0, { token_id: '1' }), ['WORK_ID_WRONG'], 'works.jsonl:1'],
    ['half a mint', change('works', 0, { seed: null }), ['COMMITMENT_WRONG'], 'works.jsonl:1'],
    ['no work', change('works', 0, { edition: 'one' }), ['ROW_INVALID'], 'works.jsonl:1'],
    [
      'other facts in a history',
      change('provenance_events', 1, { facts: { to: 9 } }),
      ['PROVENANCE_BROKEN'],
      'provenance_events.jsonl:2',
    ],
    [
      'a history without an entry',
      remove('provenance_events', 2),
      ['PROVENANCE_BROKEN'],
      'provenance_events.jsonl:3',
    ],
    [
      'a history without its beginning',
      remove('provenance_events', 4),
      ['PROVENANCE_BROKEN'],
      'provenance_events.jsonl:5',
    ],
    [
      'a history in another order',
      (rows) => void rows['provenance_events']?.push(...(rows['provenance_events']?.splice(0, 4) ?? [])),
      ['PROVENANCE_BROKEN'],
      'provenance_events.jsonl:5',
    ],
    [
      'an entry under another work',
      change('provenance_events', 3, { work_id: '22222222-0000-4000-8000-000000000000' }),
      ['PROVENANCE_BROKEN'],
      'provenance_events.jsonl:4',
    ],
    [
      'another actor',
      change('audit_entries', 2, { actor: 'nobody' }),
      ['AUDIT_BROKEN'],
      'audit_entries.jsonl:3',
    ],
    ['an audit log without an entry', remove('audit_entries', 0), ['AUDIT_BROKEN'], 'audit_entries.jsonl:1'],
    ['an audit log without its end', remove('audit_entries', 3), ['AUDIT_BROKEN'], 'audit_entries.jsonl'],
    ['a rewritten entry of a history', rewriteHistory, ['PROVENANCE_BROKEN'], 'provenance_events.jsonl:3'],
    ['a rewritten entry of the audit log', rewriteLog, ['AUDIT_BROKEN'], 'audit_entries.jsonl:3'],
    ['a leg of no work', change('legs', 1, { work_id: 'none' }), ['REFERENCE_BROKEN'], 'legs.jsonl:2'],
    ['a work less', remove('works', 1), ['REFERENCE_BROKEN'], 'legs.jsonl:2'],
    ['a work twice', (rows) => void rows['works']?.push({ ...otherRow }), ['ROW_DUPLICATE'], 'works.jsonl:3'],
    ['a column more', change('legs', 0, { note: '' }), ['ROW_INVALID'], 'legs.jsonl:1'],
    ['a column less', (rows) => void delete rows['legs']?.[0]?.['state'], ['ROW_INVALID'], 'legs.jsonl:1'],
    ['no works at all', (rows) => void delete rows['works'], ['FILE_MISSING'], 'works.jsonl'],
  ])('an archive with %s is refused', async (_what, spoil, codes, where) => {
    const rows = sampleRows();
    spoil(rows);
    const verdict = await verify(pack(sampleFiles(rows, key)), key.publicKey);
    expect(verdict.holds).toBe(false);
    expect(codesOf(verdict).sort()).toEqual([...codes].sort());
    expect(wheresOf(verdict)).toContain(`data/${where}`);
  });

  test('rows that are not in canonical form, or no JSON, are refused', async () => {
    for (const lines of [JSON.stringify, () => 'null', () => '{']) {
      const spaced = sampleFiles(sampleRows(), key, undefined, (table, row) =>
        table === 'works' ? lines(row) : JSON.stringify(row, Object.keys(row).sort()),
      );
      expect(codesOf(await verify(pack(spaced)))).toContain('ROW_INVALID');
    }
  });

  test('a manifest that miscounts, is of another version, or not canonical, is refused', async () => {
    const miscounted = sampleFiles(sampleRows(), key, (manifest) => ({
      ...manifest,
      tables: manifest.tables.map((table) => ({ ...table, rows: table.rows + 1 })),
    }));
    expect(codesOf(await verify(pack(miscounted)))).toEqual(['ROW_COUNT_WRONG']);
    // CAST: that is what is to be refused.
    const later = sampleFiles(sampleRows(), key, (manifest) => ({ ...manifest, version: 2 as 1 }));
    expect(codesOf(await verify(pack(later)))).toEqual(['MANIFEST_INVALID']);
    const [manifest, , ...rest] = files as [SampleFile, SampleFile, ...SampleFile[]];
    const bytes = Buffer.from(JSON.stringify(JSON.parse(manifest.bytes.toString()), undefined, 1));
    const spaced = [
      { name: manifest.name, bytes },
      { name: 'manifest.sig', bytes: key.sign(bytes) },
      ...rest,
    ];
    expect(codesOf(await verify(pack(spaced)))).toEqual(['MANIFEST_INVALID']);
  });
});
