import { Signal } from '../../../concurrency/signal.js';
import { DuetError } from '../../../errors.js';
import type { ByteReceiver } from '../../stream.js';

/**
 * The bytes of a container that a client sends piece by piece, for a program that may have to start reading
 * anew: until {@link settle} the beginning is kept. Bounded: who pushes waits for room in between.
 */
export class PushedBytes implements ByteReceiver {
  readonly #changed = new Signal();
  #pieces: Uint8Array[] = [];
  /** Pieces that were let go from the front. */
  #released = 0;
  /** The newest reader's next piece, counted from the first one ever. */
  #next = 0;
  #unread = 0;
  #kept = 0;
  #reader: object | undefined;
  #settled = false;
  #ended = false;

  /**
   * Adds the next bytes.
   *
   * @throws DuetError 'invalid_request' after the end.
   */
  push(bytes: Uint8Array): void {
    if (this.#ended) {
      throw new DuetError('invalid_request', 'bytes came after the end of their stream; start a new source');
    }
    this.#pieces.push(bytes);
    this.#unread += bytes.length;
    this.#kept += bytes.length;
    this.#changed.notify();
  }

  /** Resolves when more may be pushed. */
  async room(): Promise<void> {
    while (this.#unread >= maxUnread && !this.#ended) await this.#changed.wait();
  }

  /** No more bytes will come. */
  end(): void {
    this.#ended = true;
    this.#changed.notify();
  }

  /** Nobody will read from the beginning again. */
  settle(): void {
    this.#settled = true;
    this.#release();
  }

  /**
   * All bytes from the first one on; a newer reading ends the older one.
   *
   * @throws DuetError 'source_failed' when too many have come to have kept the first one.
   */
  async *read(): AsyncGenerator<Uint8Array, void, void> {
    if (this.#released > 0) throw tooLate();
    const own = {};
    this.#reader = own;
    this.#next = 0;
    this.#unread = this.#kept;
    while (this.#reader === own) {
      const piece = this.#pieces[this.#next - this.#released];
      if (piece !== undefined) {
        this.#next += 1;
        this.#unread -= piece.length;
        this.#release();
        yield piece;
      } else if (this.#ended) return;
      else await this.#changed.wait();
    }
  }

  #release(): void {
    if (this.#settled || this.#kept > maxKept) {
      const gone = this.#pieces.splice(0, this.#next - this.#released);
      this.#released += gone.length;
      for (const { length } of gone) this.#kept -= length;
    }
    this.#changed.notify();
  }
}

/** Bytes that may wait for the decoder; a minute of a recorder's usual 2.5 Mbit/s is 19 MB. */
const maxUnread = 16 * 1024 ** 2;

/** Bytes from the beginning that are kept for another start of the decoder. */
const maxKept = 32 * 1024 ** 2;

function tooLate(): DuetError {
  const message = `no picture was found in the first ${maxKept / 1024 ** 2} MiB that were pushed`;
  return new DuetError('source_failed', message);
}
