import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(__dirname, '../../contracts');
const entries = readFileSync(join(folder, 'INVARIANTS.md'), 'utf8').split(/^(?=\d+\. )/m);
const contractTests = readdirSync(join(folder, 'test'))
  .filter((name) => name.endsWith('.t.sol'))
  .flatMap((name) => [...readFileSync(join(folder, 'test', name), 'utf8').matchAll(/\bfunction (\w+)\(/g)])
  .map(([, name]) => name);

function namedIn(text: string): string[] {
  return [...text.matchAll(/`((?:test|testFuzz|invariant)_\w+)`/g)].map(([, name]) => name ?? '');
}

test('every invariant is numbered in order and names a test that proves it', () => {
  const invariants = entries.slice(1);
  expect(invariants.length).toBeGreaterThan(0);
  expect(invariants.map((text) => Number.parseInt(text, 10))).toEqual(invariants.map((_, i) => i + 1));
  expect(invariants.filter((text) => namedIn(text).length === 0)).toEqual([]);
});

test('every test that the invariants name exists', () => {
  const named = entries.flatMap(namedIn);
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((name) => !contractTests.includes(name))).toEqual([]);
});
