import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';

/** A server of the tests, which remembers what it was asked for. */
export class HttpPages implements AsyncDisposable {
  /** Paths asked for, in order. */
  readonly asked: string[] = [];
  /** Connections accepted. */
  connections = 0;
  readonly #server: Server;
  #base = '';

  private constructor(listener: RequestListener) {
    this.#server = createServer((request, response) => {
      this.asked.push(pathOf(request));
      listener(request, response);
    });
    this.#server.on('connection', () => {
      this.connections += 1;
    });
  }

  /** Listens on a free port of a loopback address. */
  static async listen(listener: RequestListener, host = '127.0.0.1'): Promise<HttpPages> {
    const pages = new HttpPages(listener);
    await new Promise<void>((resolve) => pages.#server.listen(0, host, resolve));
    const address = pages.#server.address();
    pages.#base = `http://${host}:${typeof address === 'object' ? (address?.port ?? 0) : 0}`;
    return pages;
  }

  /** Scheme, host and port. */
  get base(): string {
    return this.#base;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
  }
}

/** Path of a request without its query. */
export function pathOf(request: IncomingMessage): string {
  return new URL(request.url ?? '/', 'http://server').pathname;
}

/** Answers with the bytes, or the part of them that is asked for, as a static file server does. */
export function sendFile(bytes: Buffer): RequestListener {
  return (request, response) => {
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
    const start = Number(range?.[1] ?? 0);
    const end = range?.[2] ? Number(range[2]) : bytes.length - 1;
    response.writeHead(range ? 206 : 200, {
      ...{ 'accept-ranges': 'bytes', 'content-length': end - start + 1 },
      ...(range && { 'content-range': `bytes ${start}-${end}/${bytes.length}` }),
    });
    response.end(bytes.subarray(start, end + 1));
  };
}

/** Answers the first requests with one listener each, and those that follow with the last. */
export function inTurn(...listeners: readonly RequestListener[]): RequestListener {
  let asked = 0;
  return (request, response) => {
    listeners[Math.min(asked, listeners.length - 1)]?.(request, response);
    asked += 1;
  };
}
