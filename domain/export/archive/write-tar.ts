import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { END_OF_ARCHIVE, tarHeader, tarPadding } from './ustar';

/** A file to be packed: its bytes, or where they lie. */
export type PackedFile = { readonly name: string } & (
  | { readonly bytes: Buffer }
  | { readonly path: string; readonly size: number }
);

/** How an archive is packed. */
export interface PackOptions {
  readonly modifiedAt: Date;
  readonly signal?: AbortSignal;
}

/** Takes the bytes of an archive as they come. */
export type ArchiveSink = (bytes: AsyncIterable<Buffer>) => Promise<void>;

/** Packs files in their order into a `.tar.gz`. @throws What the sink threw, and whatever reading the files throws. */
export async function packTarGz(
  files: readonly PackedFile[],
  sink: ArchiveSink,
  { modifiedAt, signal }: PackOptions,
): Promise<void> {
  let refusal: { readonly error: unknown } | undefined;
  const noted: ArchiveSink = async (bytes) => {
    try {
      await sink(bytes);
    } catch (error) {
      refusal = { error };
      throw error;
    }
  };
  try {
    await pipeline(Readable.from(packed(files, modifiedAt)), createGzip(), noted, {
      ...(signal && { signal }),
    });
  } catch (error) {
    // Streams that a failed sink tears down may say first that they were aborted.
    throw refusal === undefined ? error : refusal.error;
  }
}

/** Writes an archive into a new file that only this user may read, and has it written to disk. */
export function fileSink(path: string): ArchiveSink {
  return (bytes) => pipeline(bytes, createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }));
}

async function* packed(files: readonly PackedFile[], modifiedAt: Date): AsyncGenerator<Buffer> {
  for (const file of files) {
    const size = 'bytes' in file ? file.bytes.length : file.size;
    yield tarHeader({ name: file.name, size }, modifiedAt);
    if ('bytes' in file) yield file.bytes;
    else yield* createReadStream(file.path);
    yield tarPadding(size);
  }
  yield END_OF_ARCHIVE;
}
