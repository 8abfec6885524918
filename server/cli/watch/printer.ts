import type { Writable } from 'node:stream';

/** Events by which printing may be behind before the video waits. */
const allowance = 500;

/**
 * Writes to a stream that may be slow (a pipe into a pager) or gone (a pipe into `head`). What is printed
 * waits for the stream, and the video waits for what is printed, so nothing is lost and nothing piles up.
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

  /** Aborts when nobody reads any more. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** Prints what belongs to the event with number `seq`. */
  async print(text: string, seq: number): Promise<void> {
    if (text !== '' && !this.#gone.signal.aborted && !this.#out.write(text)) await this.#drained();
    this.#printed = seq;
    this.#wake();
  }

  /** Resolves when little is left to print of what happened up to event number `seq`. */
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
