import type { ServerMessage } from './protocol.js';
import { DuetClientError } from './client-error.js';

/**
 * Messages on their way from the socket to `for await`.
 *
 * - Holds at most `limit` messages: when full, the oldest waiting `frame.scored` is dropped and counted; when
 *   none is left to drop, the iteration throws 'too_slow'. Replies and questions are never dropped.
 * - Iterate once at a time; the iteration ends after `end()`, or throws what `end(error)` was given, once
 *   drained.
 */
export class EventBuffer {
  readonly #limit: number;
  readonly #waiting: ServerMessage[] = [];
  #wake: (() => void) | null = null;
  #ended = false;
  #error: DuetClientError | null = null;
  #dropped = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Frame traces dropped so far because nobody read them. */
  get dropped(): number {
    return this.#dropped;
  }

  push(message: ServerMessage): void {
    if (this.#ended) return;
    if (this.#waiting.length >= this.#limit && !this.#dropOldestFrame()) {
      this.end(tooSlow(this.#limit));
      return;
    }
    this.#waiting.push(message);
    this.#wake?.();
  }

  end(error: DuetClientError | null = null): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    this.#wake?.();
  }

  async *read(): AsyncGenerator<ServerMessage, void, undefined> {
    for (;;) {
      const message = this.#waiting.shift();
      if (message !== undefined) yield message;
      else if (this.#error !== null) throw this.#error;
      else if (this.#ended) return;
      else await this.#somethingNew();
    }
  }

  #somethingNew(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = null;
        resolve();
      };
    });
  }

  #dropOldestFrame(): boolean {
    const oldest = this.#waiting.findIndex((message) => message.type === 'frame.scored');
    if (oldest < 0) return false;
    this.#waiting.splice(oldest, 1);
    this.#dropped += 1;
    return true;
  }
}

function tooSlow(limit: number): DuetClientError {
  return new DuetClientError(
    'too_slow',
    `${limit} messages wait unread: read the events with "for await" without long pauses`,
  );
}
