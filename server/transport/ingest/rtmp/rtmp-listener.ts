import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { DuetError, toDuetError } from '../../../errors.js';
import type { Log } from '../../log.js';
import type { ArrivalLimits } from '../arrival-time.js';
import { newKey } from '../new-key.js';
import { ExpectedPush } from './expected-push.js';
import { receivePush, type PushReceiver } from './receive-push.js';

/** A port to which senders push by RTMP, each with a key that it was given. */
export class RtmpListener implements AsyncDisposable {
  readonly #server: Server;
  readonly #options: RtmpOptions;
  readonly #expected = new Map<string, ExpectedPush>();
  readonly #sockets = new Set<Socket>();
  /** Connections that have not shown a key. */
  readonly #unknown = new Set<Socket>();

  private constructor(options: RtmpOptions) {
    this.#options = options;
    this.#server = createServer({ noDelay: true }, (socket) => {
      void this.#serve(socket);
    });
    this.#server.on('error', (cause) => {
      options.log('A connection of an RTMP sender could not be accepted', cause);
    });
  }

  /**
   * Starts listening.
   *
   * @throws DuetError 'unsupported' when the address is not available.
   */
  static async open(options: RtmpOptions): Promise<RtmpListener> {
    const listener = new RtmpListener(options);
    const { host, port } = options;
    try {
      listener.#server.listen(port, host);
      await once(listener.#server, 'listening');
      return listener;
    } catch (cause) {
      const message = `RTMP senders cannot be received at ${host}:${port}: choose another --ingest-rtmp`;
      throw new DuetError('unsupported', `${message} (${toDuetError(cause).message})`, { cause });
    }
  }

  /** Where it listens. */
  get bound(): { readonly address: string; readonly port: number } {
    const bound = this.#server.address();
    if (bound === null || typeof bound === 'string')
      throw new DuetError('internal', 'no port is listened to');
    return bound;
  }

  /** Makes a key for one sender; `release` makes it void and ends the sender's connection. */
  expect(): { readonly key: string; readonly sender: ExpectedPush; readonly release: () => void } {
    const key = newKey();
    const sender = new ExpectedPush(this.#options.limits);
    this.#expected.set(key, sender);
    const release = (): void => {
      this.#expected.delete(key);
      sender.close();
    };
    return { key, sender, release };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #serve(socket: Socket): Promise<void> {
    const from = socket.remoteAddress ?? 'an address that is gone';
    socket.on('error', () => undefined);
    if (this.#unknown.size >= maxUnknown) {
      socket.destroy();
      return;
    }
    this.#hold(socket);
    try {
      await receivePush(socket, (key) => this.#admit(key, socket));
    } catch (thrown) {
      const why = thrown instanceof DuetError ? thrown : undefined;
      if (why) this.#options.log('An RTMP sender was refused', `${from} ${why.message}`);
    } finally {
      // What was said last, such as why, is still sent.
      socket.destroySoon();
    }
  }

  #hold(socket: Socket): void {
    this.#sockets.add(socket);
    this.#unknown.add(socket);
    const late = setTimeout(() => {
      if (this.#unknown.has(socket)) socket.destroy();
    }, this.#options.keyWithinMs ?? defaultKeyWithinMs);
    socket.setTimeout(silentMs, () => socket.destroy());
    socket.once('close', () => {
      clearTimeout(late);
      this.#sockets.delete(socket);
      this.#unknown.delete(socket);
    });
  }

  #admit(key: string, socket: Socket): PushReceiver {
    const expected = this.#expected.get(key);
    if (expected === undefined || expected.isOver) {
      throw new DuetError('unauthorized', 'showed a key that is not expected');
    }
    const receiver = expected.arrive(() => socket.destroy());
    this.#unknown.delete(socket);
    return receiver;
  }
}

/** Where to listen, and how long for a sender. */
interface RtmpOptions {
  readonly host: string;
  readonly port: number;
  readonly limits: ArrivalLimits;
  readonly log: Log;
  /** Milliseconds in which a connection must show its key; default ten seconds. */
  readonly keyWithinMs?: number | undefined;
}

/** Connections that have not shown a key, all together; further ones are closed at once. */
const maxUnknown = 32;

const defaultKeyWithinMs = 10_000;

/** A sender that sends nothing for as long is gone, and may come back with its key. */
const silentMs = 10_000;
