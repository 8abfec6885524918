import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { connect as connectSecurely } from 'node:tls';

import { DuetError, toDuetError } from '../../../../errors.js';
import { describeNetworkError, mayMendItself } from '../http/network-errors.js';
import { isPublicAddress } from '../http/public-address.js';
import { allowedAddresses } from '../http/resolve-address.js';
import type { ResolveRules } from '../http/resolve-address.js';
import type { LiveAddress } from './live-address.js';
import { RefuseRedirects } from './refuse-redirects.js';

/**
 * A port on the loopback address that leads to one live sender, for ffmpeg to connect to. The sender's name
 * is resolved and checked here and the connection goes to the address that was checked, with TLS where the
 * address asks for it; ffmpeg reaches nothing else. It keeps a readable error when the sender is out of
 * reach.
 */
export class Relay implements AsyncDisposable {
  readonly #server: Server;
  readonly #address: LiveAddress;
  readonly #rules: ResolveRules;
  readonly #sockets = new Set<Socket>();
  #failure: DuetError | undefined;

  private constructor(address: LiveAddress, rules: ResolveRules) {
    this.#address = address;
    this.#rules = rules;
    this.#server = createServer((client) => {
      this.#serve(client).catch((thrown: unknown) => {
        this.#failure ??= toDuetError(thrown);
        client.destroy();
      });
    });
    this.#server.maxConnections = 4;
  }

  /** Starts listening. */
  static async open(address: LiveAddress, rules: ResolveRules): Promise<Relay> {
    const relay = new Relay(address, rules);
    relay.#server.listen(0, '127.0.0.1');
    await once(relay.#server, 'listening');
    return relay;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' ? (address?.port ?? 0) : 0;
  }

  /** Why the sender could not be reached, if that failed. */
  get failure(): DuetError | undefined {
    return this.#failure;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #serve(client: Socket): Promise<void> {
    this.#hold(client);
    const sender = await this.#connect();
    this.#hold(sender);
    const guards = this.#address.protocol === 'rtsp' ? [this.#refuseRedirects()] : [];
    pipeline([sender, ...guards, client], () => client.destroy());
    pipeline(client, sender, () => sender.destroy());
  }

  #refuseRedirects(): RefuseRedirects {
    return new RefuseRedirects(() => {
      const message = `${this.#rules.name} leads on to another address; give that address itself`;
      this.#failure = new DuetError('source_failed', message);
    });
  }

  #hold(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => this.#sockets.delete(socket));
  }

  /** Tries the addresses one after the other. */
  async #connect(): Promise<Socket> {
    const { url } = this.#address;
    const addresses = await allowedAddresses(url, this.#rules);
    let failure: unknown;
    for (const { address } of addresses) {
      try {
        return await this.#connectTo(address);
      } catch (thrown) {
        failure = thrown;
      }
    }
    const message = `${this.#rules.name} cannot be reached: ${describeNetworkError(failure)}`;
    throw new DuetError('source_failed', message, {
      cause: failure,
      retryable: mayMendItself(failure),
    });
  }

  async #connectTo(host: string): Promise<Socket> {
    const { port, secure, url } = this.#address;
    const { isPublic = isPublicAddress } = this.#rules;
    const servername = /[a-z]/i.test(url.hostname) && !url.hostname.includes(':') ? url.hostname : undefined;
    const tls = {
      ...(servername !== undefined && { servername }),
      rejectUnauthorized: isPublic(host),
    };
    const socket = secure ? connectSecurely({ host, port, ...tls }) : connect({ host, port });
    try {
      await once(socket, secure ? 'secureConnect' : 'connect', {
        signal: AbortSignal.timeout(connectWithinMs),
      });
      socket.setNoDelay(true);
      return socket;
    } catch (thrown) {
      socket.on('error', () => undefined);
      socket.destroy();
      throw thrown;
    }
  }
}

const connectWithinMs = 10_000;
