import type { Hex } from 'viem';

/** Type oids of pg_type.dat, fixed in every PostgreSQL. */
const BYTEA_OID = 17;
const INT8_OID = 20;
/** Dimensions, null flag, element oid, length and lower bound, four bytes each. */
const ARRAY_HEADER_BYTES = 20;
const LENGTH_BYTES = 4;

/**
 * A `bytea[]` parameter in PostgreSQL's binary array format (array_recv in arrayfuncs.c).
 *
 * pg would write each element as escaped text, which both sides then parse: several times slower.
 *
 * @throws Error if a value is not whole bytes of hex.
 */
export function byteaArray(values: readonly Hex[]): Buffer {
  const bytes = values.reduce((sum, value) => sum + LENGTH_BYTES + byteLength(value), ARRAY_HEADER_BYTES);
  const packed = arrayOf(BYTEA_OID, values.length, bytes);
  let at = ARRAY_HEADER_BYTES;
  for (const value of values) {
    at = packed.writeInt32BE(byteLength(value), at);
    at += writeHex(packed, value, at);
  }
  return packed;
}

/** An `int8[]` parameter in the same format. @param values - Non-negative integers below 2^53. */
export function int8Array(values: readonly number[]): Buffer {
  const elementBytes = 8;
  const stride = LENGTH_BYTES + elementBytes;
  const packed = arrayOf(INT8_OID, values.length, ARRAY_HEADER_BYTES + values.length * stride);
  for (const [index, value] of values.entries()) {
    const at = ARRAY_HEADER_BYTES + index * stride;
    packed.writeInt32BE(elementBytes, at);
    packed.writeUInt32BE(Math.floor(value / 2 ** 32), at + LENGTH_BYTES);
    packed.writeUInt32BE(value % 2 ** 32, at + LENGTH_BYTES + 4);
  }
  return packed;
}

function arrayOf(elementOid: number, length: number, bytes: number): Buffer {
  const packed = Buffer.allocUnsafe(bytes);
  const dimensions = 1;
  const hasNulls = 0;
  const lowerBound = 1;
  for (const [index, field] of [dimensions, hasNulls, elementOid, length, lowerBound].entries()) {
    packed.writeInt32BE(field, index * 4);
  }
  return packed;
}

/** How many bytes a hex text stands for. */
export function byteLength(value: Hex): number {
  return (value.length - 2) / 2;
}

/**
 * Writes a value's bytes at `at`.
 *
 * @returns How many.
 * @throws Error if it is not whole bytes of hex.
 */
export function writeHex(target: Buffer, value: Hex, at: number): number {
  // `write` stops silently at the first character that is not hex.
  const written = target.write(value.slice(2), at, 'hex');
  if (written !== byteLength(value)) throw new Error('a value is not whole bytes of hex');
  return written;
}

/** The inverse of a `bytea` column. */
export function toHex(bytes: Buffer): Hex {
  return `0x${bytes.toString('hex')}`;
}

/** For a single `bytea` parameter. */
export function fromHex(value: Hex): Buffer {
  return Buffer.from(value.slice(2), 'hex');
}

/** The topics of a stored log: they lie one after the other, 32 bytes each. */
export function splitTopics(bytes: Buffer): Hex[] {
  return Array.from({ length: bytes.length / 32 }, (_, index) =>
    toHex(bytes.subarray(index * 32, (index + 1) * 32)),
  );
}
