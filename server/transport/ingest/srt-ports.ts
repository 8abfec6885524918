import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { DuetError } from '../../errors.js';
import type { ArrivedSender, ExpectedSender } from '../../video/sources/expected-sender.js';
import { ArrivalTime, type ArrivalLimits } from './arrival-time.js';
import { newKey } from './new-key.js';

/**
 * The ports at which senders push by SRT, one for each sender: ffmpeg receives it there, and only with the
 * passphrase that the sender was given.
 */
export class SrtPorts {
  readonly #options: SrtOptions;
  readonly #taken = new Set<number>();

  constructor(options: SrtOptions) {
    this.#options = options;
  }

  /**
   * Takes a port for one sender; `release` gives it back.
   *
   * @throws DuetError 'busy' when none is free.
   */
  async expect(): Promise<ExpectedSrt> {
    const { host, limits } = this.#options;
    const port = await this.#takePort();
    const key = newKey();
    const urlHost = host.includes(':') ? `[${host}]` : host;
    const sender = new SrtSender({ host: urlHost, port, passphrase: key }, limits);
    return { key, port, sender, release: () => void this.#taken.delete(port) };
  }

  async #takePort(): Promise<number> {
    const { host, firstPort, ports } = this.#options;
    for (let port = firstPort; port < firstPort + ports && port < 65_536; port += 1) {
      if (this.#taken.has(port)) continue;
      this.#taken.add(port);
      if (await isFree(host, port)) return port;
      this.#taken.delete(port);
    }
    const range = `${firstPort} to ${firstPort + ports - 1}`;
    throw new DuetError('busy', `All SRT ports of this server (${range}) are in use: try again later`);
  }
}

/** Where ffmpeg listens for senders, and how long. */
interface SrtOptions {
  readonly host: string;
  readonly firstPort: number;
  /** How many ports from the first one on may be used. */
  readonly ports: number;
  readonly limits: ArrivalLimits;
}

/** A port that waits for one sender. */
interface ExpectedSrt {
  readonly key: string;
  readonly port: number;
  readonly sender: ExpectedSender;
  readonly release: () => void;
}

class SrtSender implements ExpectedSender {
  readonly #place: SrtPlace;
  readonly #time: ArrivalTime;

  constructor(place: SrtPlace, limits: ArrivalLimits) {
    this.#place = place;
    this.#time = new ArrivalTime(limits);
  }

  get isOver(): boolean {
    return this.#time.leftMs <= 0;
  }

  next(): Promise<ArrivedSender> {
    this.#time.begin();
    return Promise.resolve({ type: 'srt', ...this.#place, patienceMs: Math.max(1, this.#time.leftMs) });
  }

  opened(): void {
    this.#time.met();
  }
}

/** Where ffmpeg listens, and with what. */
interface SrtPlace {
  /** An address as it is written in a URL. */
  readonly host: string;
  readonly port: number;
  readonly passphrase: string;
}

async function isFree(host: string, port: number): Promise<boolean> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  try {
    socket.bind({ port, address: host, exclusive: true });
    await once(socket, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}
