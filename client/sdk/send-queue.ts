import type { ClientMessage } from './protocol.js';
import { DuetClientError } from './client-error.js';

/** Messages that may wait for a connection. */
const limit = 256;

/**
 * Client messages: sent at once while connected, else kept in order until connected. Throws 'connection_lost'
 * when 256 wait.
 */
export class SendQueue {
  readonly #send: (text: string) => void;
  #waiting: string[] = [];
  #free = false;

  constructor(send: (text: string) => void) {
    this.#send = send;
  }

  /** Whether messages go out at once. */
  get free(): boolean {
    return this.#free;
  }

  post(message: ClientMessage): void {
    const text = JSON.stringify(message);
    if (this.#free) {
      this.#send(text);
      return;
    }
    if (this.#waiting.length >= limit) {
      throw new DuetClientError(
        'connection_lost',
        `${limit} messages wait for the connection to come back: wait until onConnection says "open"`,
        { retryable: true },
      );
    }
    this.#waiting.push(text);
  }

  /** The connection is ready: sends what waits. */
  release(): void {
    this.#free = true;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const text of waiting) this.#send(text);
  }

  /** The connection is gone: from now on messages wait. */
  hold(): void {
    this.#free = false;
  }
}
