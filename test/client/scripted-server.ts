import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import type { ClientMessage } from '../../server/protocol/client-messages.js';
import type { ServerMessage } from '../../server/protocol/server-messages.js';

/** Things that arrive, to be taken in their order. */
class Arrivals<Thing> {
  readonly #waiting: Thing[] = [];
  readonly #takers: ((thing: Thing) => void)[] = [];

  add(thing: Thing): void {
    const taker = this.#takers.shift();
    if (taker) taker(thing);
    else this.#waiting.push(thing);
  }

  take(): Promise<Thing> {
    const thing = this.#waiting.shift();
    return thing === undefined
      ? new Promise((resolve) => this.#takers.push(resolve))
      : Promise.resolve(thing);
  }
}

/** The server's end of one connection; the test says what it answers. */
export class ScriptedConnection {
  readonly texts = new Arrivals<ClientMessage>();
  readonly pictures = new Arrivals<Uint8Array>();
  readonly #socket: WebSocket;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) this.pictures.add(new Uint8Array(data));
      else this.texts.add(JSON.parse(data.toString()) as ClientMessage);
    });
  }

  get protocol(): string {
    return this.#socket.protocol;
  }

  send(message: ServerMessage): void {
    this.#socket.send(JSON.stringify(message));
  }

  /** Pulls the plug: the client sees code 1006. */
  drop(): void {
    this.#socket.terminate();
  }

  close(code: number, reason = ''): void {
    this.#socket.close(code, reason);
  }
}

/** A WebSocket server that does nothing by itself. */
export interface ScriptedServer {
  readonly url: string;
  /** The next connection that comes in. */
  connection(): Promise<ScriptedConnection>;
}

/** Starts one on a free port; it is closed when the test has finished. */
export async function startScriptedServer(): Promise<ScriptedServer> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  const connections = new Arrivals<ScriptedConnection>();
  server.on('connection', (socket) => {
    connections.add(new ScriptedConnection(socket));
  });
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `ws://127.0.0.1:${port}/v1/duet`, connection: () => connections.take() };
}
