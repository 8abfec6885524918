import { DuetError } from '../../errors.js';
import type { ExpectedSender } from '../../video/sources/expected-sender.js';
import { isLoopback } from '../access/access-rules.js';
import { reachableAddresses } from '../access/reachable-addresses.js';
import type { Log } from '../log.js';
import type { ArrivalLimits } from './arrival-time.js';
import { parseListenAddress } from './listen-address.js';
import { rtmpApplication } from './rtmp/receive-push.js';
import { RtmpListener } from './rtmp/rtmp-listener.js';
import { SrtPorts } from './srt-ports.js';

/**
 * Takes the streams that senders, such as OBS, push to this server, each with a key for one session's source.
 */
export class Ingest implements AsyncDisposable {
  readonly #rtmp: RtmpListener | undefined;
  readonly #srt: SrtListening | undefined;
  readonly #publicHost: string | undefined;
  readonly #maxSenders: number;
  readonly #firstMs: number;
  #senders = 0;

  private constructor(options: IngestOptions, rtmp: RtmpListener | undefined) {
    const { srt, publicHost, maxSenders, limits = defaultLimits } = options;
    const address = parseListenAddress(srt);
    const ports = { ports: maxSenders, limits };
    this.#rtmp = rtmp;
    this.#srt = address && {
      host: address.host,
      ports: new SrtPorts({ host: address.host, firstPort: address.port, ...ports }),
    };
    this.#publicHost = publicHost;
    this.#maxSenders = maxSenders;
    this.#firstMs = limits.firstMs;
  }

  /**
   * Starts listening where that is asked for.
   *
   * @throws DuetError 'unsupported' when an address is not available, 'invalid_request' for one that cannot
   * be.
   */
  static async open(options: IngestOptions): Promise<Ingest> {
    const { limits = defaultLimits, log, keyWithinMs } = options;
    const address = parseListenAddress(options.rtmp);
    return new Ingest(
      options,
      address && (await RtmpListener.open({ ...address, limits, log, keyWithinMs })),
    );
  }

  /** Whether only senders on this machine reach it. */
  get isLocal(): boolean {
    const hosts = [this.#rtmp?.bound.address, this.#srt?.host];
    return hosts.every((host) => host === undefined || isLoopback(host));
  }

  /** By which protocols senders may push. */
  get protocols(): readonly IngestProtocol[] {
    return [...(this.#rtmp ? ['rtmp' as const] : []), ...(this.#srt ? ['srt' as const] : [])];
  }

  /** The address for RTMP senders, without a key; undefined where none are taken. */
  get rtmpAddress(): string | undefined {
    if (this.#rtmp === undefined) return undefined;
    const { address, port } = this.#rtmp.bound;
    return `rtmp://${this.#reachable(address, port)}/${rtmpApplication}`;
  }

  /**
   * Expects a sender for one source.
   *
   * @throws DuetError 'unsupported' where the server takes none by this protocol, 'busy' when it expects as
   * many as it can.
   */
  async expect(protocol: IngestProtocol): Promise<ExpectedIngest> {
    if (this.#senders >= this.#maxSenders) {
      const message = `This server takes ${this.#maxSenders} pushed streams already: try again later`;
      throw new DuetError('busy', message);
    }
    this.#senders += 1;
    try {
      const expected = await (protocol === 'rtmp' ? this.#expectRtmp() : this.#expectSrt());
      let isHeld = true;
      const release = (): void => {
        if (isHeld) this.#senders -= 1;
        isHeld = false;
        expected.release();
      };
      return { ...expected, release };
    } catch (thrown) {
      this.#senders -= 1;
      throw thrown;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#rtmp?.[Symbol.asyncDispose]();
  }

  #expectRtmp(): ExpectedIngest {
    const url = this.rtmpAddress;
    if (this.#rtmp === undefined || url === undefined) throw notIngested('rtmp');
    return { ...this.#rtmp.expect(), url, expiresInMs: this.#firstMs };
  }

  async #expectSrt(): Promise<ExpectedIngest> {
    if (this.#srt === undefined) throw notIngested('srt');
    const { port, ...expected } = await this.#srt.ports.expect();
    const url = `srt://${this.#reachable(this.#srt.host, port)}?passphrase=${expected.key}`;
    return { ...expected, url, expiresInMs: this.#firstMs };
  }

  /** Host and port under which others reach a port of this machine. */
  #reachable(address: string, port: number): string {
    const { url, others } = reachableAddresses(address, port);
    const isEverywhere = others.length > 0;
    if (isEverywhere && this.#publicHost !== undefined) return `${this.#publicHost}:${port}`;
    // The port is written even where it is that of http.
    const { hostname } = new URL(others[0] ?? url);
    return `${hostname}:${port}`;
  }
}

/** How a sender pushes its stream. */
export type IngestProtocol = 'rtmp' | 'srt';

/** A sender that has been given a key. */
interface ExpectedIngest {
  readonly sender: ExpectedSender;
  /** Where it is to push; for SRT with the key in it. */
  readonly url: string;
  /** Whoever has it may push to the source, once at a time. */
  readonly key: string;
  /** Milliseconds in which the sender must come. */
  readonly expiresInMs: number;
  /** Makes the key void. */
  readonly release: () => void;
}

interface SrtListening {
  readonly host: string;
  readonly ports: SrtPorts;
}

/** Where senders are received, and how many. */
interface IngestOptions {
  /** `HOST:PORT`, or `off`. */
  readonly rtmp: string;
  /** `HOST:PORT` of the first port, or `off`. */
  readonly srt: string;
  /** The name under which others reach a server that listens on all its addresses; default: one of these. */
  readonly publicHost?: string | undefined;
  readonly maxSenders: number;
  /** Default: ten minutes for the first time, five to come back. */
  readonly limits?: ArrivalLimits;
  readonly log: Log;
  /** Milliseconds in which an RTMP connection must show its key; default ten seconds. */
  readonly keyWithinMs?: number;
}

const defaultLimits: ArrivalLimits = { firstMs: 600_000, returnMs: 300_000 };

/** The refusal of a server that takes no streams by a protocol. */
export function notIngested(protocol: IngestProtocol): DuetError {
  const address = { rtmp: '127.0.0.1:1935', srt: '127.0.0.1:9000' }[protocol];
  const message = `This server takes no streams pushed by ${protocol.toUpperCase()}`;
  return new DuetError('unsupported', `${message}: start it with --ingest-${protocol} ${address}`);
}
