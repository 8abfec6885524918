import type { DuetClientError } from './client-error.js';
import type { BackOff } from './reconnecting.js';

/** Options of `connectDuet`; each may be left out. */
export interface DuetClientOptions {
  /** WebSocket class. Default: the global one or, on Node 20, which has none, that of the package `ws`. */
  readonly webSocket?: SocketConstructor;
  /** Subprotocols offered after `duet.v1`, for servers that read a token there. */
  readonly protocols?: readonly string[];
  /** How to come back after a lost connection; `false` never tries. */
  readonly backOff?: Partial<BackOff> | false;
  /**
   * Silence in milliseconds after which the server is asked for a sign of life; as long again without one
   * counts as a lost connection.
   */
  readonly heartbeatMs?: number;
  /** Most messages kept for a reader who does not read; see `EventBuffer` for what happens then. */
  readonly bufferLimit?: number;
  /** Most bytes of pictures waiting in the socket; more are not sent. */
  readonly pictureBytesLimit?: number;
  /** Hears of every change of the connection. */
  readonly onConnection?: (state: ConnectionState) => void;
  /** Ends the client at once, like `dispose`. */
  readonly signal?: AbortSignal;
}

/** How the connection is doing. */
export type ConnectionState =
  | { readonly type: 'connecting' }
  | { readonly type: 'open' }
  /** The line was lost; attempt number `attempt` (from 1) follows in `delayMs`. */
  | { readonly type: 'reconnecting'; readonly attempt: number; readonly delayMs: number }
  /** Final. `error` is null after an ordinary end. */
  | { readonly type: 'closed'; readonly code: number; readonly error: DuetClientError | null };

/**
 * What the client needs of a WebSocket; the browser's own, Node's (22 and later) and the one of the package
 * `ws` all have it.
 */
export interface SocketLike {
  binaryType: string;
  readonly bufferedAmount: number;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'open' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(
    type: 'close',
    listener: (event: { readonly code: number; readonly reason: string }) => void,
  ): void;
}

/** A WebSocket class such as the browser's `WebSocket`. */
export type SocketConstructor = new (url: string, protocols?: string | string[]) => SocketLike;
