import type { RawData, WebSocket } from 'ws';
import type { IncomingFrame } from './receive-messages.js';

/** Past this many waiting messages the socket is not read. */
const pauseAt = 16;

/**
 * What had been read before the pause still arrives; more than this in one go is a flood, whatever the budget
 * says.
 */
const mostWaiting = 4096;

/**
 * What has arrived on a socket and has not been handled yet. What a client sent before it left can still be
 * handled, but nothing once `signal` aborts.
 */
export class Inbox {
  readonly #socket: WebSocket;
  readonly #signal: AbortSignal;
  readonly #waiting: IncomingFrame[] = [];
  #wake: () => void = () => undefined;

  constructor(socket: WebSocket, signal: AbortSignal) {
    this.#socket = socket;
    this.#signal = signal;
    socket.on('message', (data, isBinary) => {
      this.#add({ kind: isBinary ? 'binary' : 'text', bytes: toBytes(data) });
    });
    for (const kind of ['ping', 'pong'] as const) {
      socket.on(kind, (bytes) => {
        this.#add({ kind, bytes });
      });
    }
    const wake = (): void => {
      this.#wake();
    };
    socket.once('close', wake);
    signal.addEventListener('abort', wake, { once: true });
  }

  /** Whether more waits than any honest client sends in one go. */
  get isOverfull(): boolean {
    return this.#waiting.length >= mostWaiting;
  }

  /** The next frame; undefined when none is to be handled any more. */
  async take(): Promise<IncomingFrame | undefined> {
    while (!this.#signal.aborted) {
      if (this.#waiting.length > 0) return this.#waiting.shift();
      if (this.#socket.readyState === this.#socket.CLOSED) return undefined;
      this.#socket.resume();
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return undefined;
  }

  #add(frame: IncomingFrame): void {
    if (this.#signal.aborted || this.isOverfull) return;
    this.#waiting.push(frame);
    if (this.#waiting.length >= pauseAt) this.#socket.pause();
    this.#wake();
  }
}

function toBytes(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}
