import { DuetClientError } from './client-error.js';
import type { ConnectionState, SocketLike } from './options.js';
import { mayRetry, waitBeforeAttempt, type BackOff } from './reconnecting.js';

/**
 * One connection that survives its sockets: opens one at once, and another with back-off when the line is
 * lost.
 */
export class Link {
  readonly #parts: LinkParts;
  readonly #heartbeat: Heartbeat;
  #socket: SocketLike | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #lostAtMs = 0;
  #everOpen = false;
  #ended = false;

  constructor(parts: LinkParts) {
    this.#parts = parts;
    this.#heartbeat = new Heartbeat(parts.heartbeatMs, {
      ping: () => this.#socket?.send(JSON.stringify({ type: 'ping' })),
      dead: () => {
        const socket = this.#socket;
        this.#socket = null;
        socket?.close();
        this.#lost(1006, 'the server gives no sign of life');
      },
    });
    this.#connect();
    // Not now: the listener may use the client, which the caller does not hold yet.
    queueMicrotask(() => {
      if (!this.#ended) parts.onState({ type: 'connecting' });
    });
  }

  /** Bytes handed over but not yet sent. */
  get bufferedBytes(): number {
    return this.#socket?.bufferedAmount ?? 0;
  }

  send(data: string | Uint8Array<ArrayBuffer>): void {
    this.#socket?.send(data);
  }

  /** Tells the link that its work is resumed: the next loss counts its attempts from 1 again. */
  settled(): void {
    this.#attempt = 0;
  }

  /** Closes the socket for good; `error` is what the reader of the events is to learn. */
  end(error: DuetClientError | null, code = 1000): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#retry);
    this.#heartbeat.stop();
    this.#socket?.close(1000);
    this.#socket = null;
    this.#parts.onState({ type: 'closed', code, error });
  }

  #connect(): void {
    const socket = this.#parts.openSocket();
    this.#socket = socket;
    const current = (): boolean => this.#socket === socket;
    socket.addEventListener('open', () => {
      if (current()) this.#opened();
      else socket.close();
    });
    socket.addEventListener('message', ({ data }) => {
      if (!current() || typeof data !== 'string') return;
      this.#heartbeat.heard();
      this.#parts.onText(data);
    });
    socket.addEventListener('error', () => undefined);
    socket.addEventListener('close', ({ code, reason }) => {
      if (!current()) return;
      this.#socket = null;
      this.#lost(code, reason);
    });
  }

  #opened(): void {
    this.#everOpen = true;
    this.#heartbeat.heard();
    this.#parts.onState({ type: 'open' });
    this.#parts.onOpen();
  }

  #lost(code: number, reason: string): void {
    if (this.#ended) return;
    this.#heartbeat.stop();
    const { backOff } = this.#parts;
    const meaning = this.#parts.onLoss(code);
    if (backOff === null || meaning !== 'come back') {
      this.end(meaning === 'end' ? null : lostError(code, reason, this.#everOpen), code);
      return;
    }
    if (this.#attempt === 0) this.#lostAtMs = performance.now();
    this.#attempt += 1;
    const delayMs = waitBeforeAttempt(this.#attempt, backOff, Math.random);
    if (performance.now() + delayMs - this.#lostAtMs > backOff.giveUpMs) {
      this.end(goneError(backOff.giveUpMs, code), code);
      return;
    }
    this.#parts.onState({ type: 'reconnecting', attempt: this.#attempt, delayMs });
    this.#retry = setTimeout(() => {
      this.#connect();
    }, delayMs);
  }
}

/** What a link needs, and whom it tells. */
export interface LinkParts {
  readonly openSocket: () => SocketLike;
  /** Null: a lost connection is final. */
  readonly backOff: BackOff | null;
  readonly heartbeatMs: number;
  /** A socket has opened, the first or a later one. */
  readonly onOpen: () => void;
  readonly onText: (text: string) => void;
  /** What a close with this code means: the session can be resumed, it is lost, or it had already ended. */
  readonly onLoss: (code: number) => 'come back' | 'fail' | 'end';
  readonly onState: (state: ConnectionState) => void;
}

/**
 * Notices a dead line: after `quietMs` of silence it pings once, after as long again it reports the line dead
 * and stops.
 */
class Heartbeat {
  readonly #quietMs: number;
  readonly #actions: HeartbeatActions;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(quietMs: number, actions: HeartbeatActions) {
    this.#quietMs = quietMs;
    this.#actions = actions;
  }

  /** Something arrived, or the connection has just opened. */
  heard(): void {
    this.stop();
    this.#timer = setTimeout(() => {
      this.#actions.ping();
      this.#timer = setTimeout(this.#actions.dead, this.#quietMs);
    }, this.#quietMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

/** What a heartbeat does to its connection. */
interface HeartbeatActions {
  /** Asks the other side for a sign of life. */
  readonly ping: () => void;
  /** Nothing came back: the line is dead. */
  readonly dead: () => void;
}

function goneError(giveUpMs: number, code: number): DuetClientError {
  const message =
    `The Duet server stayed away for ${Math.round(giveUpMs / 1000)} s ` +
    `(close code ${code}): check that it runs`;
  return new DuetClientError('connection_lost', message, { retryable: true });
}

function lostError(code: number, reason: string, everOpen: boolean): DuetClientError {
  const why = reason === '' ? '' : `: ${reason}`;
  if (!everOpen) {
    const message =
      `No connection to the Duet server (close code ${code}${why}): ` +
      'check that it runs, that the address is right, and that it admits you (a token, the origin of the page)';
    return new DuetClientError('connection_failed', message, { retryable: true });
  }
  const busy = code === 1013;
  const later = busy ? ': try again later' : '';
  const message = `The Duet server closed the connection (code ${code}${why})${later}`;
  return new DuetClientError(busy ? 'busy' : 'connection_lost', message, { retryable: mayRetry(code) });
}
