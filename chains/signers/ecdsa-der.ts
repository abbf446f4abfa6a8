import { createPublicKey } from 'node:crypto';
import { type Address, bytesToHex, concat, type Hex, hexToBigInt } from 'viem';
import { publicKeyToAddress } from 'viem/accounts';

/** The order of secp256k1 (SEC 2, §2.4.1). */
export const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const COORDINATE_BYTES = 32;

/**
 * The account of a secp256k1 public key.
 *
 * @param der - A SubjectPublicKeyInfo (RFC 5280).
 * @returns Undefined for a key of another curve or kind.
 * @throws Error for bytes that are no public key.
 */
export function addressOfPublicKey(der: Uint8Array): Address | undefined {
  const { crv, x, y } = createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' }).export({
    format: 'jwk',
  });
  if (crv !== 'secp256k1' || x === undefined || y === undefined) return undefined;
  return publicKeyToAddress(concat(['0x04', coordinate(x), coordinate(y)]));
}

/**
 * The two numbers of an ECDSA signature, with `s` in the lower half of its range, as Ethereum wants it (EIP-2).
 *
 * @param der - An ECDSA-Sig-Value (RFC 3279, §2.2.3).
 * @throws Error for bytes that are none.
 */
export function lowSignature(der: Uint8Array): { r: bigint; s: bigint } {
  const [tag, length, ...content] = der;
  if (tag !== SEQUENCE || length !== content.length) throw new Error('the signature is no DER sequence');
  const [r, afterR] = readInteger(content);
  const [s, afterS] = readInteger(afterR);
  if (afterS.length > 0) throw new Error('bytes follow the signature');
  if (r >= CURVE_ORDER || s >= CURVE_ORDER) throw new Error('the signature is out of range');
  return { r, s: s > CURVE_ORDER / 2n ? CURVE_ORDER - s : s };
}

/** A positive integer at the start, and what follows it. */
function readInteger([tag, length, ...rest]: readonly number[]): [bigint, number[]] {
  if (tag !== INTEGER || length === undefined || length === 0 || rest.length < length) {
    throw new Error('the signature holds no DER integer where it should');
  }
  const bytes = rest.slice(0, length);
  if (((bytes[0] ?? 0) & 0x80) !== 0) throw new Error('the signature holds a negative number');
  const value = hexToBigInt(bytesToHex(Uint8Array.from(bytes)));
  if (value === 0n) throw new Error('the signature holds a zero');
  return [value, rest.slice(length)];
}

function coordinate(base64url: string): Hex {
  const bytes = Buffer.from(base64url, 'base64url');
  return bytesToHex(Buffer.concat([Buffer.alloc(COORDINATE_BYTES - bytes.length), bytes]));
}
