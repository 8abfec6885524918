import { onTestFinished } from 'vitest';
import { WebSocket, type ClientOptions } from 'ws';
import { serverMessageSchema, type ServerMessage } from '../../server/protocol/server-messages.js';

/** How a connection ended. */
export interface Closed {
  readonly code: number;
  readonly reason: string;
}

type MessageOf<T extends ServerMessage['type']> = Extract<ServerMessage, { type: T }>;

/** A WebSocket client that checks every message against the published schema and records it. */
export class TestClient {
  readonly received: ServerMessage[] = [];
  readonly socket: WebSocket;
  readonly closed: Promise<Closed>;
  #read = 0;
  #wake: () => void = () => undefined;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: Buffer) => {
      this.received.push(serverMessageSchema.parse(JSON.parse(data.toString())));
      this.#wake();
    });
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        resolve({ code, reason: reason.toString() });
        this.#wake();
      });
    });
    onTestFinished(() => {
      socket.terminate();
    });
  }

  /** Connects to a server's WebSocket; rejects with the HTTP status if refused. */
  static async connect(url: string, options: ClientOptions = {}): Promise<TestClient> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/duet`, 'duet.v1', options);
    const client = new TestClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('unexpected-response', (_request, response) => {
        reject(new Error(`status ${String(response.statusCode)}`));
      });
      socket.once('error', reject);
    });
    return client;
  }

  /** Connects and opens a session. */
  static async open(url: string, settings: object = {}): Promise<TestClient & { sessionId: string }> {
    const client = await TestClient.connect(url);
    client.send({ type: 'session.open', settings });
    const opened = await client.next('session.opened');
    return Object.assign(client, { sessionId: opened.session_id });
  }

  send(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /**
   * The next unread message of a type; messages before it count as read. Rejects if the connection closes
   * first.
   */
  async next<T extends ServerMessage['type']>(type: T): Promise<MessageOf<T>> {
    for (;;) {
      while (this.#read < this.received.length) {
        const message = this.received[this.#read];
        this.#read += 1;
        if (message && isOf(message, type)) return message;
      }
      if (this.socket.readyState === WebSocket.CLOSED) throw new Error(`closed while waiting for ${type}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Sequence numbers of the events received so far. */
  get seqs(): number[] {
    return this.received.flatMap((message) => ('seq' in message ? [message.seq] : []));
  }
}

function isOf<T extends ServerMessage['type']>(message: ServerMessage, type: T): message is MessageOf<T> {
  return message.type === type;
}
