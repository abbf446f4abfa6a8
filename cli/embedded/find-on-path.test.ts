import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { findOnPath } from './find-on-path';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'colophon-path-'));
  for (const name of ['first', 'second']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'first/valkey-server'), '', { mode: 0o755 });
  writeFileSync(join(folder, 'first/redis-server'), '', { mode: 0o644 });
  writeFileSync(join(folder, 'second/redis-server'), '', { mode: 0o755 });
  mkdirSync(join(folder, 'second/chromium'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const find = (...names: string[]) =>
  findOnPath(names, ['', join(folder, 'first'), join(folder, 'second')].join(delimiter));

describe('looking for a program', () => {
  test('prefers the earlier name, wherever on the path it lies', () => {
    expect(find('redis-server', 'valkey-server')).toBe(join(folder, 'second/redis-server'));
  });

  test('passes over folders and files that cannot be run', () => {
    expect(find('chromium')).toBeUndefined();
    expect(find('missing')).toBeUndefined();
  });
});
