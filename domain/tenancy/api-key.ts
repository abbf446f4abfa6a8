import { randomBytes } from 'node:crypto';

/** Lets secret scanners and people recognise a key; says nothing about its tenant. */
const PREFIX = 'colophon_';

/** A new API key with 256 random bits. It is shown once and kept only as a hash. */
export function generateApiKey(): string {
  return PREFIX + randomBytes(32).toString('base64url');
}

/** The SQL condition that a row of `api_keys` is a key that is taken now. */
export const KEY_IN_FORCE = 'revoked_at is null and (expires_at is null or expires_at > now())';

/** What a key is told by in lists. */
export function hintOf(key: string): string {
  return key.slice(-4);
}
