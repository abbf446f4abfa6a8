import canonicalize from 'canonicalize';
import { type Hex, keccak256, stringToBytes } from 'viem';

/** The RFC 8785 (JSON Canonicalization Scheme) text of a JSON value: the same for equal values, byte for byte. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new Error('only JSON values have a canonical form');
  return text;
}

/** keccak256 over the UTF-8 bytes of the canonical form. */
export function canonicalHash(value: unknown): Hex {
  return keccak256(stringToBytes(canonicalJson(value)));
}
