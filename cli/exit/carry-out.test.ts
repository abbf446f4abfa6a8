import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts';
import { readKey } from './carry-out';
import { ExitInputError } from './exit-errors';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'colophon-key-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function fileWith(text: string): string {
  const file = join(folder, 'key');
  writeFileSync(file, text);
  return file;
}

test('a key is read with or without 0x', () => {
  const key = generatePrivateKey();
  expect(readKey(fileWith(`${key}\n`)).address).toBe(privateKeyToAddress(key));
  expect(readKey(fileWith(key.slice(2))).address).toBe(privateKeyToAddress(key));
});

test.each([
  '',
  '0x',
  'zz'.repeat(32),
  'ab'.repeat(31),
  'ab'.repeat(33),
  `${'ab'.repeat(31)}a`,
  '00'.repeat(32),
  'ff'.repeat(32),
])('what is no key is refused and not shown: %s', (text) => {
  const read = () => readKey(fileWith(text));
  expect(read).toThrow(ExitInputError);
  if (text.length > 2) expect(read).not.toThrow(text);
});

test('a file that is not there is named', () => {
  expect(() => readKey(join(folder, 'none'))).toThrow(/none cannot be read/);
});
