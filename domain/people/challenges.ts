import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { TenantId } from '../../schema/ids';

const RANDOM_BYTES = 16;
const TAG_BYTES = 16;
const FORM = new RegExp(`^([0-9a-f]{${2 * RANDOM_BYTES}})([0-9a-f]{12})([0-9a-f]{${2 * TAG_BYTES}})$`);

/** How long a sign-in may take that was begun. */
export const CHALLENGE_MS = 10 * 60_000;

/** The key of {@link Challenges}, from the master key, so that it equals no other use of that. */
export function deriveChallengeKey(masterKey: Uint8Array): Buffer {
  return Buffer.from(hkdfSync('sha256', masterKey, '', 'colophon sign-in challenges', 32));
}

/**
 * Makes the random words that a sign-in must bring back, and knows them again. Nothing is kept of one until it
 * is used, so nobody fills the database by beginning sign-ins.
 */
export class Challenges {
  constructor(
    private readonly key: Uint8Array,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /** 76 hexadecimal digits: alphanumeric, as EIP-4361 has nonces. @param purpose - It is good for no other. */
  issue(tenantId: TenantId, purpose: string): string {
    const random = randomBytes(RANDOM_BYTES).toString('hex');
    const expiry = (this.now().getTime() + CHALLENGE_MS).toString(16).padStart(12, '0');
    return random + expiry + this.tag(tenantId, purpose, random + expiry).toString('hex');
  }

  /** Until when a challenge is good, or undefined if it is over or was not issued for this. */
  expiryOf(tenantId: TenantId, purpose: string, challenge: string): Date | undefined {
    const [, random = '', expiry = '', tag = ''] = FORM.exec(challenge) ?? [];
    const expected = this.tag(tenantId, purpose, random + expiry);
    const given = Buffer.from(tag, 'hex');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    const at = new Date(Number.parseInt(expiry, 16));
    return at > this.now() ? at : undefined;
  }

  /** A secret that belongs to a challenge, which only we can tell: 43 characters of base64url. */
  secretOf(challenge: string, label: string): string {
    return createHmac('sha256', this.key)
      .update(JSON.stringify([label, challenge]))
      .digest('base64url');
  }

  private tag(tenantId: TenantId, purpose: string, text: string): Buffer {
    return createHmac('sha256', this.key)
      .update(JSON.stringify(['challenge', tenantId, purpose, text]))
      .digest()
      .subarray(0, TAG_BYTES);
  }
}
