/** What the client needs of a WebSocket; the browser's own, Node's (22 and later) and the one of the package `ws` all have it. */
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
