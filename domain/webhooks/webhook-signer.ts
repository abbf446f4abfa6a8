import { createHmac, randomBytes } from 'node:crypto';

/** Standard Webhooks 1.0: 24 to 64 random bytes (https://github.com/standard-webhooks/standard-webhooks, 2025-11). */
const SECRET_BYTES = 32;
const PREFIX = 'whsec_';

/** The key of a new secret. */
export function generateWebhookKey(): Buffer {
  return randomBytes(SECRET_BYTES);
}

/** A key as the tenant is shown it, once. */
export function encodeWebhookSecret(key: Uint8Array): string {
  return PREFIX + Buffer.from(key).toString('base64');
}

export interface SignedMessage {
  readonly id: string;
  /** When this try was made; receivers refuse one that is minutes away from their own clock. */
  readonly at: Date;
  readonly body: string;
}

/**
 * The headers of Standard Webhooks 1.0, signed with every key that is valid now, so that a receiver may know
 * the old or the new secret while one is rotated.
 */
export function signatureHeaders(
  { id, at, body }: SignedMessage,
  keys: readonly Uint8Array[],
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const signatures = keys.map(
    (key) => `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`,
  );
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}
