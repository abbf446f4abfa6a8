import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
/** NIST SP 800-38D §8.2.2: random IVs of 96 bits. Safe for some 2^32 secrets per master key. */
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** A secret as it may be stored: useless without the master key, and without what it was bound to. */
export interface SealedSecret {
  /** Names the master key; tells nothing about it. */
  readonly keyId: string;
  /** IV, tag, ciphertext. */
  readonly sealed: Buffer;
}

/**
 * Encrypts secrets under a master key with AES-256-GCM. The first key seals; the others only open what
 * they sealed, so that a master key can be changed without sealing everything anew at once.
 */
export class SecretBox {
  private readonly keys: ReadonlyMap<string, Buffer>;
  private readonly currentKeyId: string;

  /** @param masterKeys - 32 random bytes each, the current one first. @throws RangeError for another length. */
  constructor(masterKeys: readonly [Uint8Array, ...Uint8Array[]]) {
    this.keys = new Map(masterKeys.map((key) => [keyIdOf(key), Buffer.from(key)]));
    this.currentKeyId = keyIdOf(masterKeys[0]);
  }

  /** @param binding - What the secret belongs to: the same words must be given to open it. */
  seal(secret: Uint8Array, binding: readonly string[]): SealedSecret {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.key(this.currentKeyId), iv, { authTagLength: TAG_BYTES });
    cipher.setAAD(associatedData(this.currentKeyId, binding));
    const ciphertext = Buffer.concat([cipher.update(secret), cipher.final()]);
    return { keyId: this.currentKeyId, sealed: Buffer.concat([iv, cipher.getAuthTag(), ciphertext]) };
  }

  /** @throws Error if the master key is unknown, or if the secret was changed or belongs to something else. */
  open({ keyId, sealed }: SealedSecret, binding: readonly string[]): Buffer {
    const iv = sealed.subarray(0, IV_BYTES);
    const decipher = createDecipheriv(CIPHER, this.key(keyId), iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(associatedData(keyId, binding));
    decipher.setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
  }

  /** Keeps the keys out of logs and error dumps. */
  [inspect.custom](): string {
    return `SecretBox(${this.currentKeyId})`;
  }

  /** As above, for loggers that write JSON. */
  toJSON(): string {
    return inspect(this);
  }

  private key(keyId: string): Buffer {
    const key = this.keys.get(keyId);
    if (key === undefined) throw new Error(`the master key ${keyId} is not configured`);
    return key;
  }
}

/** The first 64 bits of a hash under a label of its own, so that it equals no other use of the key. */
function keyIdOf(key: Uint8Array): string {
  if (key.length !== KEY_BYTES)
    throw new RangeError(`a master key has ${KEY_BYTES} bytes, not ${key.length}`);
  return createHash('sha256').update('colophon master key id').update(key).digest('hex').slice(0, 16);
}

/** JSON, because it keeps the words apart whatever they contain. */
function associatedData(keyId: string, binding: readonly string[]): Buffer {
  return Buffer.from(JSON.stringify([keyId, ...binding]));
}
