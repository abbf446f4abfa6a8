import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ByteReader } from './byte-reader';
import { BLOCK_BYTES, paddingBytes, parseTarHeader, type TarEntry, TarError } from './ustar';

/** A file of an archive, with its content as it comes: to be read before the next is asked for. */
export interface ArchiveFile extends TarEntry {
  readonly content: AsyncIterable<Buffer>;
}

/**
 * The files of a `.tar.gz`, one after the other, in little memory.
 *
 * @throws {@link TarError}, EndOfStreamError, or what zlib or the source says.
 */
export async function* readTarGz(source: Readable): AsyncGenerator<ArchiveFile> {
  const plain = createGunzip();
  // What goes wrong with either is thrown by whoever reads `plain`.
  pipeline(source, plain, () => undefined);
  try {
    const reader = new ByteReader(plain);
    for (;;) {
      const entry = parseTarHeader(await reader.take(BLOCK_BYTES));
      if (entry === undefined) break;
      const content = reader.pieces(entry.size);
      yield { ...entry, content };
      for await (const _unread of content);
      await expectZeros(reader, paddingBytes(entry.size));
    }
    await expectZeros(reader, BLOCK_BYTES);
    // Other programs fill the archive up with zeros.
    while (!(await reader.isAtEnd())) await expectZeros(reader, 1);
  } finally {
    source.destroy();
    plain.destroy();
  }
}

async function expectZeros(reader: ByteReader, count: number): Promise<void> {
  const bytes = await reader.take(count);
  if (bytes.some((byte) => byte !== 0)) throw new TarError('there is something between the files');
}
