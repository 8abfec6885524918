import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';

/** A message of obs-websocket 5. */
interface ObsMessage {
  readonly op: number;
  readonly d: {
    readonly rpcVersion?: number;
    readonly authentication?: string;
    readonly eventSubscriptions?: number;
    readonly requestType?: string;
    readonly requestId?: string;
    readonly requestData?: { readonly captionText?: string };
  };
}

/** The side of OBS of obs-websocket 5, as its protocol says, for captions alone. */
export class ObsServer implements AsyncDisposable {
  /** Captions in the order they came. */
  readonly captions: string[] = [];
  isStreaming = true;
  /** Breaks the connection in place of an answer. */
  breaks = false;
  readonly #password: string | null;
  readonly #server: WebSocketServer;

  private constructor(server: WebSocketServer, password: string | null) {
    this.#server = server;
    this.#password = password;
    server.on('connection', (socket) => {
      this.#greet(socket);
    });
    onTestFinished(() => this[Symbol.asyncDispose]());
  }

  static async start({
    password = null,
    port = 0,
  }: { password?: string | null; port?: number } = {}): Promise<ObsServer> {
    const server = new WebSocketServer({
      host: '127.0.0.1',
      port,
      handleProtocols: () => 'obswebsocket.json',
    });
    await once(server, 'listening');
    return new ObsServer(server, password);
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  get address(): string {
    return `obs://127.0.0.1:${this.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#server.clients) client.terminate();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  #greet(socket: WebSocket): void {
    const [challenge, salt] = ['challenge of this connection', 'salt of this server'];
    const authentication = this.#password === null ? {} : { authentication: { challenge, salt } };
    tell(socket, 0, { obsWebSocketVersion: '5.5.2', rpcVersion: 1, ...authentication });
    socket.on('message', (data: Buffer) => {
      const { op, d } = JSON.parse(data.toString()) as ObsMessage;
      if (
        op === 1 &&
        this.#password !== null &&
        d.authentication !== proof(this.#password + salt, challenge)
      ) {
        socket.close(4009, 'Authentication failed.');
      } else if (op === 1) tell(socket, 2, { negotiatedRpcVersion: d.rpcVersion });
      else if (op === 6) this.#answer(socket, d);
    });
  }

  #answer(socket: WebSocket, { requestType, requestId, requestData }: ObsMessage['d']): void {
    if (this.breaks) {
      socket.terminate();
      return;
    }
    const isKnown = requestType === 'SendStreamCaption' && typeof requestData?.captionText === 'string';
    if (isKnown && this.isStreaming) this.captions.push(requestData.captionText ?? '');
    const code = !isKnown ? 204 : this.isStreaming ? 100 : 501;
    tell(socket, 7, { requestType, requestId, requestStatus: { result: code === 100, code } });
  }
}

function tell(socket: WebSocket, op: number, d: object): void {
  socket.send(JSON.stringify({ op, d }));
}

/** As obs-websocket 5 wants it: the secret is hashed, then again with the challenge. */
function proof(salted: string, challenge: string): string {
  const hash = (text: string): string => createHash('sha256').update(text).digest('base64');
  return hash(hash(salted) + challenge);
}
