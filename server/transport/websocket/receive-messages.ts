import { setTimeout as wait } from 'node:timers/promises';
import type { RawData, WebSocket } from 'ws';
import { yieldToEventLoop } from '../yield-to-event-loop.js';
import type { IncomingFrame, MessageBudget } from './message-budget.js';

/**
 * Passes a client's messages to `handle`, one after another, until the socket is gone or `signal` aborts;
 * then no more are handled. Other clients are served in between, however many arrive at once. A client that
 * exceeds its budget is not read for a while, so TCP slows it down; one that keeps on is reported as
 * `too_fast`.
 */
export async function receiveMessages(
  socket: WebSocket,
  budget: MessageBudget,
  signal: AbortSignal,
  handle: (message: IncomingMessage) => Promise<void>,
): Promise<'gone' | 'too_fast'> {
  const inbox = new Inbox(socket, signal);
  for (;;) {
    const frame = await inbox.take();
    if (frame === undefined) return 'gone';
    budget.spend(frame);
    if (inbox.isOverfull || budget.isFlooded) return 'too_fast';
    if (!(await holdBack(socket, budget.holdMs, signal))) return 'gone';
    if (isMessage(frame)) await handle(frame);
    else if (frame.kind === 'ping' && socket.bufferedAmount < pongLimit) socket.pong(frame.bytes);
    await yieldToEventLoop();
  }
}

/** One complete message from a client. */
export interface IncomingMessage {
  readonly kind: 'text' | 'binary';
  readonly bytes: Uint8Array;
}

/**
 * Bytes that may wait in the socket before pings go unanswered: a client that does not read has no use for
 * pongs.
 */
const pongLimit = 64 * 1024;

function isMessage(frame: IncomingFrame): frame is IncomingMessage {
  return frame.kind === 'text' || frame.kind === 'binary';
}

/** Stops reading the socket for a while; false when the client is gone. */
async function holdBack(socket: WebSocket, holdMs: number, signal: AbortSignal): Promise<boolean> {
  if (holdMs === 0) return true;
  if (socket.readyState === socket.CLOSED) return false;
  socket.pause();
  return wait(holdMs, true, { signal }).catch(() => false);
}

/** Most waiting messages before reading stops. */
const pauseAt = 16;

/** Data read before the pause still arrives; more than this at once is a flood, whatever the budget says. */
const mostWaiting = 4096;

/**
 * Frames that have arrived on a socket and are not handled yet. Those a client sent before it disconnected
 * can still be handled, but none once `signal` aborts.
 */
class Inbox {
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

  /** Whether more is waiting than any honest client sends at once. */
  get isOverfull(): boolean {
    return this.#waiting.length >= mostWaiting;
  }

  /** The next frame; undefined when there will be no more. */
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
