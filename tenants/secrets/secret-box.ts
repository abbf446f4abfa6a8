import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { MasterKeyMissingError } from './secret-errors';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
/** NIST SP 800-38D §8.2.2: random IVs of 96 bits. Safe for some 2^32 data keys per master key. */
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** A data key, encrypted: what an envelope begins with. */
const WRAPPED_KEY_BYTES = IV_BYTES + TAG_BYTES + KEY_BYTES;
/** Marks an envelope in the key's name. Without it, the master key itself encrypted the secret: as it was once done. */
const ENVELOPE = 'envelope:';

/** A secret as it may be stored: useless without the master key, and without what it was bound to. */
export interface SealedSecret {
  /** Names the master key, and the form of what it sealed; tells nothing about the key. */
  readonly keyId: string;
  /** The wrapped data key (IV, tag, ciphertext), then the secret under it (IV, tag, ciphertext). */
  readonly sealed: Buffer;
}

/**
 * Encrypts each secret with AES-256-GCM under a data key of its own, which is encrypted in turn under a
 * master key. The first master key seals; the others only open, so that another can take its place: then
 * {@link rewrap} changes what encrypts the data keys, and no secret is decrypted for it.
 */
export class SecretBox {
  private readonly keys: ReadonlyMap<string, Buffer>;
  private readonly masterKeyId: string;

  /** @param masterKeys - 32 random bytes each, the current one first. @throws RangeError for another length. */
  constructor(masterKeys: readonly [Uint8Array, ...Uint8Array[]]) {
    this.keys = new Map(masterKeys.map((key) => [masterKeyIdOf(key), Buffer.from(key)]));
    this.masterKeyId = masterKeyIdOf(masterKeys[0]);
  }

  /** What {@link SealedSecret.keyId} is for everything that is sealed now. */
  get currentKeyId(): string {
    return `${ENVELOPE}${this.masterKeyId}`;
  }

  /** @param binding - What the secret belongs to: the same words must be given to open it. */
  seal(secret: Uint8Array, binding: readonly string[]): SealedSecret {
    const dataKey = randomBytes(KEY_BYTES);
    const sealed = Buffer.concat([this.wrap(dataKey), encrypt(dataKey, secret, dataOf(binding))]);
    return { keyId: this.currentKeyId, sealed };
  }

  /**
   * @throws {@link MasterKeyMissingError} if the master key is unknown.
   * @throws Error if the secret was changed or belongs to something else.
   */
  open({ keyId, sealed }: SealedSecret, binding: readonly string[]): Buffer {
    if (!keyId.startsWith(ENVELOPE)) return decrypt(this.key(keyId), sealed, dataOf([keyId, ...binding]));
    return decrypt(this.unwrap({ keyId, sealed }), sealed.subarray(WRAPPED_KEY_BYTES), dataOf(binding));
  }

  /**
   * The same secret under the current master key. Only one that has no data key yet is decrypted for that.
   *
   * @throws As {@link open}.
   */
  rewrap(secret: SealedSecret, binding: readonly string[]): SealedSecret {
    if (!secret.keyId.startsWith(ENVELOPE)) return this.seal(this.open(secret, binding), binding);
    const wrapped = this.wrap(this.unwrap(secret));
    return {
      keyId: this.currentKeyId,
      sealed: Buffer.concat([wrapped, secret.sealed.subarray(WRAPPED_KEY_BYTES)]),
    };
  }

  /** Keeps the keys out of logs and error dumps. */
  [inspect.custom](): string {
    return `SecretBox(${this.masterKeyId})`;
  }

  /** As above, for loggers that write JSON. */
  toJSON(): string {
    return inspect(this);
  }

  private wrap(dataKey: Uint8Array): Buffer {
    return encrypt(this.key(this.masterKeyId), dataKey, wrappingOf(this.masterKeyId));
  }

  private unwrap({ keyId, sealed }: SealedSecret): Buffer {
    const masterKeyId = keyId.slice(ENVELOPE.length);
    return decrypt(this.key(masterKeyId), sealed.subarray(0, WRAPPED_KEY_BYTES), wrappingOf(masterKeyId));
  }

  private key(masterKeyId: string): Buffer {
    const key = this.keys.get(masterKeyId);
    if (key === undefined) throw new MasterKeyMissingError(masterKeyId);
    return key;
  }
}

/** IV, tag, ciphertext. */
function encrypt(key: Uint8Array, plain: Uint8Array, associated: Buffer): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(associated);
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), ciphertext]);
}

function decrypt(key: Uint8Array, encrypted: Buffer, associated: Buffer): Buffer {
  const decipher = createDecipheriv(CIPHER, key, encrypted.subarray(0, IV_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(associated);
  decipher.setAuthTag(encrypted.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(encrypted.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
}

/** The first 64 bits of a hash under a label of its own, so that it equals no other use of the key. */
function masterKeyIdOf(key: Uint8Array): string {
  if (key.length !== KEY_BYTES)
    throw new RangeError(`a master key has ${KEY_BYTES} bytes, not ${key.length}`);
  return createHash('sha256').update('colophon master key id').update(key).digest('hex').slice(0, 16);
}

/** JSON, because it keeps the words apart whatever they contain. */
function dataOf(words: readonly string[]): Buffer {
  return Buffer.from(JSON.stringify(words));
}

/** What a data key is bound to: no binding of a secret, because the secret itself has that. */
function wrappingOf(masterKeyId: string): Buffer {
  return dataOf(['data key', masterKeyId]);
}
