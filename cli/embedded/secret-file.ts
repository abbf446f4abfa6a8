import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { hasCode } from './system-errors';

/** The secret kept in a file, or undefined when there is no such file. */
export function readSecret(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Keeps a secret, of 192 random bits and safe in URLs unless given, in a new file that only this user may read. */
export function createSecret(file: string, secret = randomBytes(24).toString('base64url')): string {
  writeFileSync(file, `${secret}\n`, { mode: 0o600, flag: 'wx' });
  return secret;
}
