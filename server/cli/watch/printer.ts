import type { Writable } from 'node:stream';

/** How many events printing may be behind before the video waits. */
const allowance = 500;

/**
 * Writes to a stream that may be slow (a pipe into a pager) or closed (a pipe into `head`). Printing waits
 * for the stream and the video waits for printing, so nothing is lost and nothing piles up.
 */
export class Printer {
  readonly #out: Writable;
  readonly #gone = new AbortController();
  #printed = 0;
  #wake: () => void = () => undefined;

  constructor(out: Writable) {
    this.#out = out;
    out.on('error', (error: NodeJS.ErrnoException) => {
      this.#gone.abort(error);
      this.#wake();
    });
  }

  /** Aborts when the output is closed. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** Prints the text of event number `seq`. */
  async print(text: string, seq: number): Promise<void> {
    if (text !== '' && !this.#gone.signal.aborted && !this.#out.write(text)) await this.#drained();
    this.#printed = seq;
    this.#wake();
  }

  /** Resolves when printing has nearly caught up with event number `seq`. */
  async keptUpWith(seq: number): Promise<void> {
    while (seq - this.#printed > allowance && !this.#gone.signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async #drained(): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#out.off('drain', done);
        this.#gone.signal.removeEventListener('abort', done);
        resolve();
      };
      this.#out.on('drain', done);
      this.#gone.signal.addEventListener('abort', done);
    });
  }
}
