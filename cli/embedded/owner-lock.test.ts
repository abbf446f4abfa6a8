import { existsSync, lstatSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedServiceError } from './embedded-errors';
import { takeOwnership } from './owner-lock';
import { isRunning, processIdentity } from './processes';

let folder: string;
let lockFile: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'colophon-lock-'));
  lockFile = join(folder, 'owner.lock');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('the ownership of a folder', () => {
  test('belongs to one at a time, and is free again once released', () => {
    const lock = takeOwnership(lockFile, 'Redis');
    expect(() => takeOwnership(lockFile, 'Redis')).toThrow(EmbeddedServiceError);
    lock.release();
    expect(existsSync(lockFile)).toBe(false);
    takeOwnership(lockFile, 'Redis').release();
  });

  test('is taken over from an owner whose pid has been given to another process since', () => {
    symlinkSync(`${process.pid}:1`, lockFile);
    takeOwnership(lockFile, 'Redis');
    expect(lstatSync(lockFile).isSymbolicLink()).toBe(true);
    expect(() => takeOwnership(lockFile, 'Redis')).toThrow(`process ${process.pid}`);
  });
});

describe('the identity of a process', () => {
  test('holds while it runs, and for no other process', () => {
    const own = processIdentity(process.pid);
    expect(own).toMatch(new RegExp(`^${process.pid}:\\d+$`));
    expect(isRunning(own ?? '')).toBe(true);
    expect(isRunning(`${process.pid}:1`)).toBe(false);
    expect(isRunning('4194305:1')).toBe(false); // above the highest pid that Linux gives
  });
});
