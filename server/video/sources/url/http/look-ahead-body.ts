import type { Readable } from 'node:stream';

/** The body of a response, whose first bytes can be inspected before it is read from the start. */
export class LookAheadBody implements AsyncIterable<Buffer> {
  readonly #body: Readable;
  readonly #source: AsyncIterator<Buffer>;
  readonly #head: Buffer[] = [];
  #length = 0;
  #pending: Promise<IteratorResult<Buffer>> | undefined;
  #ended = false;

  constructor(body: Readable) {
    this.#body = body;
    this.#source = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** Whether all of it was seen. */
  get ended(): boolean {
    return this.#ended;
  }

  /**
   * The first bytes: at least as many as requested, unless the body ends or the time runs out first.
   *
   * @throws what reading the body throws.
   */
  async lookAhead(bytes: number, withinMs: number): Promise<Buffer> {
    let expire: () => void = () => undefined;
    const expired = new Promise<'expired'>((resolve) => {
      expire = () => {
        resolve('expired');
      };
    });
    const timer = setTimeout(expire, withinMs);
    try {
      while (this.#length < bytes && !this.#ended) {
        const next = await Promise.race([this.#next(), expired]);
        if (next === 'expired') break;
        this.#take(next);
      }
    } finally {
      clearTimeout(timer);
    }
    return Buffer.concat(this.#head);
  }

  /** All bytes, including those already inspected. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void, void> {
    try {
      for (const chunk of this.#head.splice(0)) yield chunk;
      while (!this.#ended) {
        const next = await this.#next();
        this.#pending = undefined;
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      this.close();
    }
  }

  /** Discards the rest; a pending read ends. */
  close(): void {
    this.#ended = true;
    this.#pending?.catch(() => undefined);
    // Not the iterator's own `return`, which would wait for bytes that never arrive.
    this.#body.destroy();
  }

  /** A read that outlasts a time limit is not lost: the next one continues it. */
  #next(): Promise<IteratorResult<Buffer>> {
    this.#pending ??= this.#source.next();
    return this.#pending;
  }

  #take(next: IteratorResult<Buffer>): void {
    this.#pending = undefined;
    if (next.done === true) this.#ended = true;
    else {
      this.#head.push(next.value);
      this.#length += next.value.length;
    }
  }
}
