import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import type { SealedSecret } from '../../tenants/secrets/secret-box';

/** Seals as installations did before there were data keys: under the master key itself. */
export function sealedWithoutDataKey(
  masterKey: Uint8Array,
  secret: Uint8Array,
  binding: readonly string[],
): SealedSecret {
  const keyId = createHash('sha256')
    .update('colophon master key id')
    .update(masterKey)
    .digest('hex')
    .slice(0, 16);
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', masterKey, iv);
  cipher.setAAD(Buffer.from(JSON.stringify([keyId, ...binding])));
  const ciphertext = Buffer.concat([cipher.update(secret), cipher.final()]);
  return { keyId, sealed: Buffer.concat([iv, cipher.getAuthTag(), ciphertext]) };
}
