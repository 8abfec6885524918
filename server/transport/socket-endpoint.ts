import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { maxMessageBytes, socketPath, subprotocol } from '../protocol/limits.js';
import { refuseCaller, type AccessRules } from './access.js';
import { closeSocket } from './close-socket.js';
import { Connection } from './connection.js';
import type { ConnectionServices } from './services.js';

/** Who may connect, and how many at once. */
export interface EndpointOptions {
  readonly access: AccessRules;
  readonly maxConnections: number;
}

/** The WebSocket address of a server: turns upgrade requests into {@link Connection}s. */
export class SocketEndpoint {
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    handleProtocols: (offered) => (offered.has(subprotocol) ? subprotocol : false),
  });
  readonly #services: ConnectionServices;
  readonly #options: EndpointOptions;

  constructor(server: Server, services: ConnectionServices, options: EndpointOptions) {
    this.#services = services;
    this.#options = options;
    server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
      this.#upgrade(request, stream, head);
    });
  }

  /** Closes what is still connected and waits until it is gone, at most a few seconds. */
  async close(): Promise<void> {
    const open = [...this.#sockets.clients];
    await Promise.all(open.map((socket) => closed(socket)));
    this.#sockets.close();
  }

  #upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const refusal = this.#refuse(request);
    if (refusal) {
      turnAway(stream, refusal.status, refusal.message);
      return;
    }
    this.#sockets.handleUpgrade(request, stream, head, (socket) => {
      socket.on('error', () => undefined);
      void new Connection(socket, this.#services).serve();
    });
  }

  #refuse(request: IncomingMessage): { status: number; message: string } | null {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname !== socketPath) return { status: 404, message: `The WebSocket is at ${socketPath}` };
    const { host, origin } = request.headers;
    const unwelcome = refuseCaller({ host, origin }, this.#options.access);
    if (unwelcome !== null) return { status: 403, message: unwelcome };
    const offered = request.headers['sec-websocket-protocol'];
    if (offered !== undefined && !offered.split(',').some((name) => name.trim() === subprotocol)) {
      return { status: 400, message: `The WebSocket speaks ${subprotocol} only` };
    }
    if (this.#sockets.clients.size >= this.#options.maxConnections) {
      return {
        status: 503,
        message: `${this.#options.maxConnections} connections are open already: try again later`,
      };
    }
    return null;
  }
}

function closed(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState === socket.CLOSED) resolve();
    socket.once('close', () => {
      resolve();
    });
    closeSocket(socket, 'going_away');
  });
}

function turnAway(stream: Duplex, status: number, message: string): void {
  const body = JSON.stringify({ error: { code: STATUS_CODES[status], message } });
  stream.on('error', () => undefined);
  stream.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
