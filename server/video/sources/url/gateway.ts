import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { DuetError } from '../../../errors.js';
import { bridged } from './bridged.js';
import { cameraBoundary, cameraPictures } from './camera-pictures.js';
import type { HttpAnswer } from './http/http-get.js';
import type { LookAheadBody } from './http/look-ahead-body.js';
import { GatewayAddresses } from './gateway-addresses.js';
import type { Delivery, FoundAddress, Target } from './gateway-addresses.js';
import { statusError } from './require-video.js';
import { chooseVariant, isLivePlaylist, isMaster, readPlaylist, rewritePlaylist } from './playlist.js';

/**
 * The only server ffmpeg talks to: on the loopback address, for one video, while that is open. It fetches
 * what ffmpeg asks for under the rules for addresses, puts its own addresses into playlists, bridges a
 * server's hiccups, and keeps a readable error when something fails. Its random path keeps everyone else out.
 */
export class Gateway implements AsyncDisposable {
  readonly #server: Server;
  readonly #parts: GatewayParts;
  readonly #addresses: GatewayAddresses;
  readonly #opened = new Map<string, Opened>();
  /** How the newest request failed, for each kind of bytes. */
  readonly #failures = new Map<Target['delivery'], GatewayFailure>();
  #listEnded = false;

  private constructor(parts: GatewayParts) {
    this.#parts = parts;
    this.#addresses = new GatewayAddresses(parts.name);
    this.#server = createServer({ keepAliveTimeout: 1000 }, (request, response) => {
      void this.#answer(request, response);
    });
    this.#server.maxConnections = 32;
  }

  /** Starts listening. */
  static async open(parts: GatewayParts): Promise<Gateway> {
    const gateway = new Gateway(parts);
    gateway.#server.listen(0, '127.0.0.1');
    await once(gateway.#server, 'listening');
    const address = gateway.#server.address();
    gateway.#addresses.origin = `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`;
    return gateway;
  }

  /**
   * Scheme, host and port, for use as a proxy: anything else that ffmpeg opens comes here too, and is
   * refused.
   */
  get origin(): string {
    return this.#addresses.origin;
  }

  /**
   * Why ffmpeg did not get the bytes it asked for last; undefined once it has got others of the same kind.
   */
  get failure(): GatewayFailure | undefined {
    return (
      this.#failures.get('key') ??
      this.#failures.get('media') ??
      this.#failures.get('playlist') ??
      this.#failures.get('camera')
    );
  }

  /** Whether a playlist that was read says that nothing will be added to it. */
  get listEnded(): boolean {
    return this.#listEnded;
  }

  /** The address for ffmpeg to open. A response that is already open goes to the first request. */
  addressOf(url: URL, delivery: Delivery, opened?: Opened): string {
    const { id, address } = this.#addresses.add(url, delivery);
    if (opened !== undefined) this.#opened.set(id, opened);
    return address;
  }

  /** A line of ffmpeg's output with names in place of the gateway's addresses. */
  hide(line: string): string {
    return this.#addresses.hide(line);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { body } of this.#opened.values()) body.close();
    this.#server.closeAllConnections();
    if (this.#server.listening) {
      this.#server.close();
      await once(this.#server, 'close');
    }
    for (const owned of this.#parts.owned) await owned[Symbol.asyncDispose]();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const found = this.#addresses.find(request);
    if (found === undefined) {
      response.writeHead(404).end();
      return;
    }
    try {
      await this.#serve(found, request.headers.range, response);
    } catch (thrown) {
      const isRefused = response.writableEnded;
      const cutOff = !isRefused && (response.headersSent || !(thrown instanceof DuetError));
      const error = thrown instanceof DuetError ? thrown : brokenOffError(this.#parts.name, thrown);
      this.#failures.set(found.target.delivery, { error, cutOff });
      if (isRefused) return;
      if (response.headersSent) response.destroy();
      else response.writeHead(502).end();
    }
  }

  async #serve(
    { id, target }: FoundAddress,
    range: string | undefined,
    response: ServerResponse,
  ): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => {
      gone.abort();
    });
    const { answer, body } = await this.#open(id, target, range, gone.signal);
    response.once('close', () => {
      body.close();
    });
    if (gone.signal.aborted) body.close();
    if (answer.status >= 400) {
      response.writeHead(answer.status).end();
      const { name } = this.#parts;
      throw statusError(
        target.delivery === 'key' ? `the key with which ${name} is encrypted` : name,
        answer.status,
      );
    }
    this.#failures.delete(target.delivery);
    const delivery =
      target.delivery === 'media' && (await beginsAsPlaylist(body)) ? 'playlist' : target.delivery;
    switch (delivery) {
      case 'playlist':
        return this.#servePlaylist(answer, body, response);
      case 'camera':
        response.writeHead(200, { 'content-type': `multipart/x-mixed-replace; boundary=${cameraBoundary}` });
        return pass(cameraPictures(this.#parts.name, body), response);
      case 'media':
      case 'key':
        return this.#serveMedia(answer, body, response);
      default:
        return delivery satisfies never;
    }
  }

  async #open(id: string, target: Target, range: string | undefined, gone: AbortSignal): Promise<Opened> {
    const opened = this.#opened.get(id);
    if (opened !== undefined && (range === undefined || range === 'bytes=0-')) {
      this.#opened.delete(id);
      return opened;
    }
    const { url, delivery } = target;
    const open = async () => {
      const fetched = await this.#parts.fetch(url, range);
      // Kept for whoever reads it next; a playlist that breaks off is asked for again.
      if (delivery === 'playlist' && fetched.answer.status < 400)
        await readPlaylist(this.#parts.name, fetched.body);
      return fetched;
    };
    // A camera is opened again by whoever watches it, who then knows of the gap.
    return delivery === 'camera' ? open() : bridged(open, gone);
  }

  async #servePlaylist(answer: HttpAnswer, body: LookAheadBody, response: ServerResponse): Promise<void> {
    const text = await readPlaylist(this.#parts.name, body);
    const chosen = isMaster(text) ? chooseVariant(text) : text;
    this.#listEnded = !isMaster(text) && !isLivePlaylist(text);
    // Segments that share an initialisation section are fragments of an MP4.
    const extension = text.includes('#EXT-X-MAP') ? 'm4s' : 'ts';
    const rewritten = rewritePlaylist(this.#parts.name, chosen, (address, leadsTo) => {
      const url = URL.canParse(address, answer.url) ? new URL(address, answer.url) : undefined;
      // An invalid address, or one of another scheme, leads to a page that does not exist: that segment is
      // lost, the rest plays.
      if (url === undefined || !/^https?:$/.test(url.protocol)) return `${this.origin}/refused`;
      return this.#addresses.add(url, leadsTo, extension).address;
    });
    response.writeHead(200, { 'content-type': 'application/vnd.apple.mpegurl' }).end(rewritten);
  }

  async #serveMedia(answer: HttpAnswer, body: LookAheadBody, response: ServerResponse): Promise<void> {
    response.writeHead(answer.status, {
      ...picked(answer.headers, ['content-length', 'content-range', 'accept-ranges']),
      'content-type': 'application/octet-stream',
    });
    return pass(body, response);
  }
}

/** What a {@link Gateway} depends on. */
export interface GatewayParts {
  /** Fetches an address, or throws a DuetError that may be shown. */
  readonly fetch: (url: URL, range: string | undefined) => Promise<Opened>;
  /** The requested address's name in messages. */
  readonly name: string;
  /** Disposed of with the gateway. */
  readonly owned: readonly AsyncDisposable[];
}

/** Why a request of ffmpeg's was not answered in full. */
interface GatewayFailure {
  readonly error: DuetError;
  /** Whether the response stopped midway. */
  readonly cutOff: boolean;
}

/** A response whose beginning was already inspected, for the first request. */
export interface Opened {
  readonly answer: HttpAnswer;
  readonly body: LookAheadBody;
}

/** The error for a response that stopped before its end. */
export function brokenOffError(name: string, cause: unknown): DuetError {
  const what = cause instanceof RangeError ? cause.message : 'its server closed the connection in the middle';
  return new DuetError('source_failed', `${name} broke off: ${what}`, { cause, retryable: true });
}

async function beginsAsPlaylist(body: LookAheadBody): Promise<boolean> {
  const head = await body.lookAhead(10, 15_000);
  return /^(\xef\xbb\xbf)?#EXTM3U/.test(head.toString('latin1'));
}

function picked(headers: HttpAnswer['headers'], names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => (typeof headers[name] === 'string' ? [[name, headers[name]]] : [])),
  );
}

/**
 * Passes bytes on as fast as they are taken. ffmpeg closes the connection whenever it has enough or wants to
 * seek; that is not a failure.
 */
async function pass(bytes: AsyncIterable<Buffer>, response: ServerResponse): Promise<void> {
  try {
    await pipeline(Readable.from(bytes, { objectMode: false }), response);
  } catch (thrown) {
    if (response.errored === null && response.closed && !response.writableFinished) return;
    throw thrown;
  }
}
