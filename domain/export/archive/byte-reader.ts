/** The stream ended before what was asked for. */
export class EndOfStreamError extends Error {
  constructor(options?: ErrorOptions) {
    super('the file ends too early', options);
  }
}

/** Takes bytes off a stream, in pieces of the caller's choosing. */
export class ByteReader {
  private readonly chunks: AsyncIterator<Buffer>;
  private rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.chunks = source[Symbol.asyncIterator]();
  }

  /** The next `count` bytes. @throws {@link EndOfStreamError} */
  async take(count: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const piece of this.pieces(count)) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  /** The next `count` bytes, as they come. @throws {@link EndOfStreamError} */
  async *pieces(count: number): AsyncGenerator<Buffer> {
    for (let missing = count; missing > 0; ) {
      if (this.rest.length === 0 && !(await this.fill())) throw new EndOfStreamError();
      const piece = this.rest.subarray(0, missing);
      this.rest = this.rest.subarray(piece.length);
      missing -= piece.length;
      yield piece;
    }
  }

  /** Whether there are no more bytes. */
  async isAtEnd(): Promise<boolean> {
    while (this.rest.length === 0) if (!(await this.fill())) return true;
    return false;
  }

  private async fill(): Promise<boolean> {
    const { value, done } = await this.chunks.next();
    if (done === true) return false;
    this.rest = value;
    return true;
  }
}
