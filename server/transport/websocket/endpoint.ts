import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { SessionOwner } from '../../duet/record/session-state.js';
import { DuetError, toDuetError } from '../../errors.js';
import { maxMessageBytes, socketPath, subprotocol } from '../../protocol/limits.js';
import { admit, type Access } from '../access/admit.js';
import { guarded } from '../guarded.js';
import { declineUpgrade, offersOtherProtocol } from '../http/decline-upgrade.js';
import { retryAfter, statusOf } from '../http/error-response.js';
import { requestPath } from '../http/request-listener.js';
import { Connection } from './connection.js';
import type { ConnectionServices } from './services.js';

/** The server's WebSocket endpoint: turns upgrade requests into {@link Connection}s. */
export class SocketEndpoint {
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    maxFragments,
    // Pings are answered in order with the messages, so that they count like them.
    autoPong: false,
    handleProtocols: (offered) => (offered.has(subprotocol) ? subprotocol : false),
  });
  readonly #connections = new Map<Connection, Promise<void>>();
  /** Requests that are still being checked. */
  readonly #undecided = new Set<Duplex>();
  readonly #server: Server;
  readonly #services: ConnectionServices;
  readonly #options: EndpointOptions;

  constructor(server: Server, services: ConnectionServices, options: EndpointOptions) {
    this.#server = server;
    this.#services = services;
    this.#options = options;
    const upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> =>
      this.#upgrade(request, stream, head);
    const giveUp = (_request: IncomingMessage, stream: Duplex): void => {
      stream.destroy();
    };
    server.on('upgrade', guarded(services.log, 'An upgrade failed', upgrade, giveUp));
  }

  /** Closes all connections and waits, at most a few seconds, until they are gone. */
  async close(): Promise<void> {
    for (const connection of this.#connections.keys()) connection.close('going_away');
    for (const stream of this.#undecided) stream.destroy();
    await Promise.all(this.#connections.values());
    this.#sockets.close();
  }

  async #upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> {
    // Registered first: the connection may break during the checks.
    stream.on('error', () => undefined);
    if (offersOtherProtocol(request) && declineUpgrade(this.#server, request, stream)) return;
    try {
      requirePath(request);
      const owner = await this.#admit(request, stream);
      requireSubprotocol(request);
      this.#requirePlace();
      this.#accept(request, stream, head, owner);
    } catch (thrown) {
      const error = toDuetError(thrown);
      if (error.code === 'internal') throw thrown;
      turnAway(stream, error);
    }
  }

  async #admit(request: IncomingMessage, stream: Duplex): Promise<SessionOwner> {
    this.#undecided.add(stream);
    try {
      return await admit(request, this.#options.access);
    } finally {
      this.#undecided.delete(stream);
    }
  }

  #accept(request: IncomingMessage, stream: Duplex, head: Buffer, owner: SessionOwner): void {
    const serve = (socket: WebSocket): Promise<void> => this.#serve(socket, owner);
    const giveUp = (socket: WebSocket): void => {
      socket.terminate();
    };
    const accepted = guarded(this.#services.log, 'A connection failed', serve, giveUp);
    this.#sockets.handleUpgrade(request, stream, head, accepted);
  }

  async #serve(socket: WebSocket, owner: SessionOwner): Promise<void> {
    const connection = new Connection(socket, this.#services, owner);
    this.#connections.set(connection, gone(socket));
    try {
      await connection.serve();
    } finally {
      this.#connections.delete(connection);
    }
  }

  #requirePlace(): void {
    const { maxConnections } = this.#options;
    if (this.#sockets.clients.size < maxConnections) return;
    const message = `${maxConnections} connections are open already: try again later`;
    throw new DuetError('busy', message, { retryAfterMs: this.#services.registry.retryAfterMs });
  }
}

/** Who may connect, and how many at once. */
interface EndpointOptions {
  readonly access: Access;
  readonly maxConnections: number;
}

/** Most fragments of one message; clients that stream a picture need a few. */
const maxFragments = 1024;

function requirePath({ url }: IncomingMessage): void {
  if (requestPath(url) !== socketPath) throw new DuetError('not_found', `The WebSocket is at ${socketPath}`);
}

function requireSubprotocol({ headers }: IncomingMessage): void {
  const offered = headers['sec-websocket-protocol'];
  if (offered === undefined || offered.split(',').some((name) => name.trim() === subprotocol)) return;
  throw new DuetError('invalid_request', `The WebSocket speaks ${subprotocol} only`);
}

function gone(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => {
      resolve();
    });
  });
}

/** How long a refused client may take to read its response, in milliseconds. */
const patienceMs = 2000;

/**
 * Answers an upgrade request with an HTTP error and closes the connection, whether or not the client does.
 */
function turnAway(stream: Duplex, { code, message, retryAfterMs }: DuetError): void {
  const status = statusOf[code];
  const body = JSON.stringify({ error: { code, message } });
  const headers = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(retryAfterMs === null ? [] : [`Retry-After: ${retryAfter(retryAfterMs)}`]),
  ];
  const letGo = (): void => {
    stream.destroy();
  };
  const timer = setTimeout(letGo, patienceMs);
  stream.once('close', () => {
    clearTimeout(timer);
  });
  stream.end(`${headers.join('\r\n')}\r\n\r\n${body}`, letGo);
}
