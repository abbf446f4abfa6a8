import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { canonicalJson } from '../../domain/canonical-json';

/** 128 bits: a forged one is as good as impossible, and cursors stay short. */
const TAG_BYTES = 16;

/** The key that cursors are signed with, from the master key, so that it equals no other use of that. */
export function deriveCursorKey(masterKey: Uint8Array): Buffer {
  return Buffer.from(hkdfSync('sha256', masterKey, '', 'colophon cursors', 32));
}

/** Signs cursors, so that a client can only give back what it was given, and only where it was given. */
export class CursorSigner {
  /** @param keys - The first one signs; the others are still taken, so that a change of keys ends no paging. */
  constructor(private readonly keys: readonly [Uint8Array, ...Uint8Array[]]) {}

  /** @param place - The tenant, the connection and its arguments: a cursor is good in no other. */
  sign(cursor: string, place: unknown): string {
    return `${cursor}.${this.tag(this.keys[0], cursor, place).toString('base64url')}`;
  }

  /** The cursor within, or undefined when it was not signed for this place. */
  open(signed: string, place: unknown): string | undefined {
    const dot = signed.lastIndexOf('.');
    const cursor = signed.slice(0, Math.max(dot, 0));
    const tag = Buffer.from(signed.slice(dot + 1), 'base64url');
    const isSigned = this.keys.some((key) => {
      const expected = this.tag(key, cursor, place);
      return tag.length === expected.length && timingSafeEqual(tag, expected);
    });
    return isSigned ? cursor : undefined;
  }

  private tag(key: Uint8Array, cursor: string, place: unknown): Buffer {
    return createHmac('sha256', key)
      .update(canonicalJson([cursor, place]))
      .digest()
      .subarray(0, TAG_BYTES);
  }
}
