/** Reads a connection piece by piece, no further ahead than it is asked to. */
export class ByteReader {
  readonly #pieces: AsyncIterator<Uint8Array>;
  readonly #check: (received: number) => void;
  #left: Buffer = Buffer.alloc(0);
  #received = 0;

  /** @param check called with how many bytes have come in all; it throws when they are too many. */
  constructor(connection: AsyncIterable<Uint8Array>, check: (received: number) => void) {
    this.#pieces = connection[Symbol.asyncIterator]();
    this.#check = check;
  }

  get received(): number {
    return this.#received;
  }

  /** The next bytes, this many; undefined when the connection ends before. */
  async take(length: number): Promise<Buffer | undefined> {
    const pieces = [this.#left];
    let have = this.#left.length;
    while (have < length) {
      const next = await this.#pieces.next();
      if (next.done === true) return undefined;
      this.#received += next.value.length;
      this.#check(this.#received);
      pieces.push(Buffer.from(next.value.buffer, next.value.byteOffset, next.value.length));
      have += next.value.length;
    }
    const all = pieces.length === 1 ? this.#left : Buffer.concat(pieces, have);
    this.#left = all.subarray(length);
    return all.subarray(0, length);
  }
}
