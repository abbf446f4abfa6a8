import type { Hex } from 'viem';

/** Type oids of pg_type.dat, fixed in every PostgreSQL. */
const BYTEA_OID = 17;
const INT8_OID = 20;
const ARRAY_HEADER_BYTES = 20;

/**
 * A `bytea[]` parameter in PostgreSQL's binary array format (array_recv in arrayfuncs.c).
 *
 * pg would write each element as escaped text, which both sides then parse; this is a third of the time.
 *
 * @throws Error if a value is not whole bytes of hex.
 */
export function byteaArray(values: readonly Hex[]): Buffer {
  let bytes = ARRAY_HEADER_BYTES;
  const parts = values.map((value) => {
    const length = (value.length - 2) / 2;
    bytes += 4 + length;
    return hexInt32(length) + value.slice(2);
  });
  const packed = Buffer.from(arrayHeader(BYTEA_OID, values.length) + parts.join(''), 'hex');
  // Buffer.from stops silently at the first character that is not hex.
  if (packed.length !== bytes) throw new Error('a value is not whole bytes of hex');
  return packed;
}

/** An `int8[]` parameter in the same format. @param values - Non-negative integers below 2^53. */
export function int8Array(values: readonly number[]): Buffer {
  const parts = values.map((value) => `00000008${value.toString(16).padStart(16, '0')}`);
  return Buffer.from(arrayHeader(INT8_OID, values.length) + parts.join(''), 'hex');
}

function arrayHeader(elementOid: number, length: number): string {
  const dimensions = 1;
  const hasNulls = 0;
  const lowerBound = 1;
  return [dimensions, hasNulls, elementOid, length, lowerBound].map(hexInt32).join('');
}

function hexInt32(value: number): string {
  return value.toString(16).padStart(8, '0');
}

/** The inverse of a `bytea` column. */
export function toHex(bytes: Buffer): Hex {
  return `0x${bytes.toString('hex')}`;
}

/** For a single `bytea` parameter. */
export function fromHex(value: Hex): Buffer {
  return Buffer.from(value.slice(2), 'hex');
}

/** Topics as one value, 32 bytes each. */
export function joinTopics(topics: readonly Hex[]): Hex {
  return `0x${topics.map((topic) => topic.slice(2)).join('')}`;
}

/** The inverse of {@link joinTopics} on the stored bytes. */
export function splitTopics(bytes: Buffer): Hex[] {
  return Array.from({ length: bytes.length / 32 }, (_, index) =>
    toHex(bytes.subarray(index * 32, (index + 1) * 32)),
  );
}
