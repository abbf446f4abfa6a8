import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseTarHeader, TarError, tarHeader } from './ustar';
import { fileSink, packTarGz } from './write-tar';

const AT = new Date('2026-11-01T12:00:00Z');

test.each([0, 1, 511, 512, 8 ** 11 - 1, 8 ** 11, 2 ** 45])(
  'a size of %d bytes is read as it was written',
  (size) => {
    expect(parseTarHeader(tarHeader({ name: 'data/works.jsonl', size }, AT))).toEqual({
      name: 'data/works.jsonl',
      size,
    });
  },
);

test('a header that was changed anywhere is refused', () => {
  const header = tarHeader({ name: 'data/works.jsonl', size: 1_000 }, AT);
  for (let at = 0; at < header.length; at += 1) {
    const changed = Buffer.from(header);
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
    // The two bytes that end the sum's digits are no part of it.
    if (at !== 154 && at !== 155) expect(() => parseTarHeader(changed)).toThrow(TarError);
  }
});

test('tar itself unpacks what was packed, which nobody else may read', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'colophon-tar-'));
  const file = join(folder, 'a.tar.gz');
  await packTarGz(
    [
      { name: 'README.md', bytes: Buffer.from('hello') },
      { name: 'data/a.jsonl', bytes: Buffer.alloc(1_024, 65) },
    ],
    fileSink(file),
    { modifiedAt: AT },
  );
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const { status, stderr } = spawnSync('tar', ['-xzf', file, '-C', folder], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  expect(readFileSync(join(folder, 'README.md'), 'utf8')).toBe('hello');
  expect(readFileSync(join(folder, 'data', 'a.jsonl'), 'utf8')).toBe('A'.repeat(1_024));
  rmSync(folder, { recursive: true });
});
