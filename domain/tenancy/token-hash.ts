import { createHash } from 'node:crypto';

/** SHA-256 of an API key, a session's token or an invitation: all have full entropy, so a slow hash would add nothing. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
