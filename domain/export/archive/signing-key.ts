import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';

const ALGORITHM = 'Ed25519';
const KEY_TYPE = 'ed25519';
/** What comes before the 32 bytes of a key in its SPKI form (RFC 8410). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const ID_DIGITS = 16;

/** Ed25519 (RFC 8032), which signs the manifests of archives. */
export class SigningKey {
  readonly algorithm = ALGORITHM;
  /** 32 bytes in hex. */
  readonly publicKey: string;
  readonly id: string;

  private constructor(private readonly privateKey: KeyObject) {
    this.publicKey = rawPublicKey(createPublicKey(privateKey));
    this.id = keyIdOf(this.publicKey);
  }

  /** @param pem - PKCS #8. @throws RangeError if it is no Ed25519 key. */
  static fromPem(pem: string): SigningKey {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType !== KEY_TYPE) throw new RangeError('The key is no Ed25519 key.');
    return new SigningKey(key);
  }

  /** A new key, as PKCS #8 in PEM. */
  static generatePem(): string {
    const { privateKey } = generateKeyPairSync(KEY_TYPE);
    return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  }

  /** @returns 64 bytes. */
  sign(message: Uint8Array): Buffer {
    return sign(null, message, this.privateKey);
  }
}

/** A short name of a key: the beginning of the SHA-256 of its 32 bytes. */
export function keyIdOf(publicKey: string): string {
  const digest = createHash('sha256').update(Buffer.from(publicKey, 'hex')).digest('hex');
  return `${KEY_TYPE}:${digest.slice(0, ID_DIGITS)}`;
}

/** The 32 bytes, in hex, of a public key in PEM. @throws RangeError if it is no Ed25519 key. */
export function publicKeyOfPem(pem: string): string {
  const key = createPublicKey(pem);
  if (key.asymmetricKeyType !== KEY_TYPE) throw new RangeError('The key is no Ed25519 key.');
  return rawPublicKey(key);
}

/** Whether `signature` is that of `message` by the key with these 32 bytes (hex). */
export function isSignedBy(publicKey: string, message: Uint8Array, signature: Uint8Array): boolean {
  const der = Buffer.concat([SPKI_PREFIX, Buffer.from(publicKey, 'hex')]);
  return verify(null, message, createPublicKey({ key: der, format: 'der', type: 'spki' }), signature);
}

function rawPublicKey(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'der' }).subarray(SPKI_PREFIX.length).toString('hex');
}
