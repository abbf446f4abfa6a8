/** A tar archive is made of blocks of this many bytes; contents are padded with zeros to the next. */
export const BLOCK_BYTES = 512;
/** What ends an archive. */
export const END_OF_ARCHIVE = Buffer.alloc(2 * BLOCK_BYTES);

/** Fields of a header: offset and length in bytes (POSIX.1-2017, pax, "ustar Interchange Format"; read 2026-11). */
const FIELDS = {
  name: [0, 100],
  mode: [100, 8],
  uid: [108, 8],
  gid: [116, 8],
  size: [124, 12],
  mtime: [136, 12],
  checksum: [148, 8],
  type: [156, 1],
  magic: [257, 8],
} as const;
const MAGIC = 'ustar\u000000';
const REGULAR_FILE = '0';
/** The most that eleven octal digits hold. Larger sizes are written in base 256, as GNU tar and libarchive do. */
const LARGEST_OCTAL = 8 ** 11 - 1;
const BASE_256 = 0x80;

export interface TarEntry {
  readonly name: string;
  readonly size: number;
}

/** The bytes are no tar archive of regular files, or end too early. */
export class TarError extends Error {}

/** The header of a regular file. @param name - ASCII, at most 99 characters. */
export function tarHeader({ name, size }: TarEntry, modifiedAt: Date): Buffer {
  if (!/^[\x21-\x7e]{1,99}$/.test(name)) throw new Error(`${name} is no name for an entry`);
  const header = Buffer.alloc(BLOCK_BYTES);
  const put = (field: keyof typeof FIELDS, text: string) => header.write(text, FIELDS[field][0], 'latin1');
  put('name', name);
  put('mode', '0000644\0');
  put('uid', '0000000\0');
  put('gid', '0000000\0');
  writeSize(header, size);
  put('mtime', octal(Math.floor(modifiedAt.getTime() / 1000), 11));
  put('type', REGULAR_FILE);
  put('magic', MAGIC);
  put('checksum', `${octal(checksumOf(header), 6)} `);
  return header;
}

/** What follows a content of this size, to fill its last block. */
export function tarPadding(size: number): Buffer {
  return Buffer.alloc(paddingBytes(size));
}

/** How many bytes {@link tarPadding} has. */
export function paddingBytes(size: number): number {
  return (BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES;
}

/** @returns undefined for a block of zeros, which ends an archive. @throws {@link TarError} */
export function parseTarHeader(header: Buffer): TarEntry | undefined {
  if (header.every((byte) => byte === 0)) return undefined;
  const text = (field: keyof typeof FIELDS) => {
    const [offset, length] = FIELDS[field];
    return header.toString('latin1', offset, offset + length).split('\0')[0] ?? '';
  };
  if (Number.parseInt(text('checksum'), 8) !== checksumOf(header))
    throw new TarError('a header does not match its checksum');
  // An empty type is that of archives from before POSIX.
  if (!['', REGULAR_FILE].includes(text('type'))) throw new TarError(`${text('name')} is no regular file`);
  return { name: text('name'), size: readSize(header) };
}

function writeSize(header: Buffer, size: number): void {
  const [offset, length] = FIELDS.size;
  if (size <= LARGEST_OCTAL) {
    header.write(octal(size, length - 1), offset, 'latin1');
    return;
  }
  header.writeUInt8(BASE_256, offset);
  header.writeBigUInt64BE(BigInt(size), offset + length - 8);
}

function readSize(header: Buffer): number {
  const [offset, length] = FIELDS.size;
  const size =
    header.readUInt8(offset) === BASE_256
      ? Number(header.readBigUInt64BE(offset + length - 8))
      : Number.parseInt(header.toString('latin1', offset, offset + length), 8);
  if (!Number.isSafeInteger(size) || size < 0) throw new TarError('a header has no size');
  return size;
}

function octal(value: number, digits: number): string {
  return `${value.toString(8).padStart(digits, '0')}\0`;
}

/** The sum of a header's bytes, with spaces in place of the sum itself. */
function checksumOf(header: Buffer): number {
  const [offset, length] = FIELDS.checksum;
  let sum = 0;
  for (const [at, byte] of header.entries()) sum += at >= offset && at < offset + length ? 0x20 : byte;
  return sum;
}
