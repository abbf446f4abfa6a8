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

/** Packs files in their order into a new `.tar.gz` that only this user may read, and has it written to disk. */
export async function writeTarGz(
  path: string,
  files: readonly PackedFile[],
  { modifiedAt, signal }: { readonly modifiedAt: Date; readonly signal?: AbortSignal },
): Promise<void> {
  const target = createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true });
  await pipeline(Readable.from(packed(files, modifiedAt)), createGzip(), target, {
    ...(signal && { signal }),
  });
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
