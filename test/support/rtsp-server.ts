import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { ffmpeg } from './clips.js';

/** How a server of the tests behaves. */
export interface RtspServerOptions {
  /** The clip that it sends, over and over, as a camera would. */
  readonly clip: string;
  /** Default: a free one. */
  readonly port?: number;
  /** `user:password` that Basic credentials must give. */
  readonly user?: string;
  /** Where DESCRIBE is redirected to. */
  readonly redirectTo?: string;
}

/**
 * A small RTSP server: ffmpeg sends a clip in real time as RTP, and the server hands the packets to whoever
 * plays `/camera`, inside the connection or by UDP, as asked. Any other path is 404.
 */
export class RtspServer implements AsyncDisposable {
  /** Requests received, each with its transport header. */
  readonly requests: string[] = [];
  readonly #options: RtspServerOptions;
  readonly #server: Server;
  readonly #packets = createSocket('udp4');
  readonly #players = new Map<Socket, (packet: Buffer) => void>();
  readonly #sockets = new Set<Socket>();
  #description = '';
  #stopSending: () => Promise<void> = () => Promise.resolve();

  private constructor(options: RtspServerOptions) {
    this.#options = options;
    this.#server = createServer((socket) => {
      this.#serve(socket);
    });
    this.#packets.on('message', (packet) => {
      for (const send of this.#players.values()) send(packet);
    });
  }

  static async start(options: RtspServerOptions): Promise<RtspServer> {
    const server = new RtspServer(options);
    server.#packets.bind(0, '127.0.0.1');
    await once(server.#packets, 'listening');
    await server.#beginSending();
    server.#server.listen(options.port ?? 0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' ? (address?.port ?? 0) : 0;
  }

  /** Stops as if it were killed: connections break, nothing is said. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await this.#stopSending();
    this.#packets.close();
  }

  async #beginSending(): Promise<void> {
    const to = `rtp://127.0.0.1:${this.#packets.address().port}?pkt_size=1200`;
    const input = ['-re', '-stream_loop', '-1', '-i', this.#options.clip, '-c', 'copy', '-an'];
    const child = spawn(ffmpeg.path, ['-v', 'error', ...input, '-f', 'rtp', '-sdp_file', 'pipe:1', to], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#stopSending = async () => {
      if (child.exitCode !== null || !child.kill('SIGKILL')) return;
      await once(child, 'exit');
    };
    child.stdout.on('data', (chunk: Buffer) => (this.#description += chunk.toString()));
    while (!/a=fmtp[^\n]*\n/.test(this.#description)) await once(child.stdout, 'data');
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.#players.delete(socket);
    });
    let text = '';
    let send: (packet: Buffer) => void = () => undefined;
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        const request = text.slice(text.search(/[A-Z_]+ rtsp:/), end);
        text = text.slice(end + 4);
        const transport = /^Transport: *(.*)$/im.exec(request)?.[1] ?? '';
        this.requests.push(`${request.slice(0, request.indexOf(' '))} ${transport}`.trim());
        if (request.startsWith('SETUP')) send = deliveryTo(socket, transport);
        socket.write(this.#answer(request, transport));
        if (request.startsWith('PLAY')) this.#players.set(socket, send);
      }
    });
  }

  #answer(request: string, transport: string): string {
    const sequence = /^CSeq: *(\d+)/im.exec(request)?.[1] ?? '0';
    const reply = (status: string, headers: readonly string[] = [], body = '') =>
      [
        `RTSP/1.0 ${status}`,
        `CSeq: ${sequence}`,
        ...headers,
        `Content-Length: ${body.length}`,
        '',
        body,
      ].join('\r\n');
    const { user, redirectTo } = this.#options;
    const given = /^Authorization: Basic (\S+)/im.exec(request)?.[1] ?? '';
    if (user !== undefined && !request.startsWith('OPTIONS') && atob(given) !== user) {
      return reply('401 Unauthorized', ['WWW-Authenticate: Basic realm="camera"']);
    }
    if (request.startsWith('OPTIONS')) return reply('200 OK', ['Public: DESCRIBE, SETUP, PLAY, TEARDOWN']);
    if (!/^\S+ rtsp:\/\/[^/]*\/camera/.test(request)) return reply('404 Not Found');
    if (redirectTo !== undefined) return reply('302 Found', [`Location: ${redirectTo}`]);
    if (request.startsWith('DESCRIBE')) {
      return reply('200 OK', ['Content-Type: application/sdp'], this.#description.replace(/^SDP:\s*/, ''));
    }
    return reply('200 OK', ['Session: 1', ...(transport === '' ? [] : [`Transport: ${transport}`])]);
  }
}

/** Sends packets as the client's transport header asks for. */
function deliveryTo(socket: Socket, transport: string): (packet: Buffer) => void {
  const port = Number(/client_port=(\d+)/.exec(transport)?.[1] ?? 0);
  if (port > 0) {
    const datagrams = createSocket('udp4');
    socket.on('close', () => datagrams.close());
    return (packet) => {
      datagrams.send(packet, port, '127.0.0.1', () => undefined);
    };
  }
  return (packet) => {
    const head = Buffer.from([0x24, 0, packet.length >> 8, packet.length & 0xff]);
    if (socket.writableLength < 1_000_000) socket.write(Buffer.concat([head, packet]));
  };
}
