import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/**
 * The addresses at which a {@link Gateway} serves what it fetches: behind a random path, and numbered, so
 * that they reveal nothing about the originals.
 */
export class GatewayAddresses {
  /** Scheme, host and port of the gateway, once it is listening. */
  origin = '';
  readonly #name: string;
  readonly #token = randomBytes(18).toString('base64url');
  readonly #targets = new Map<string, Target>();
  readonly #ids = new Map<string, string>();
  #nextId = 0;

  /** @param name the requested address's name in messages */
  constructor(name: string) {
    this.#name = name;
  }

  /**
   * The gateway's address for a URL, the same each time.
   *
   * @param extension used for a file whose own extension is not one of video.
   */
  add(
    url: URL,
    delivery: Target['delivery'],
    extension = 'ts',
  ): { readonly id: string; readonly address: string } {
    const key = `${delivery} ${url.href}`;
    const id = this.#ids.get(key) ?? this.#remember(key, { url, delivery });
    const address = `${this.origin}/${this.#token}/${id}/${fileName(url, delivery, extension)}`;
    return { id, address };
  }

  /**
   * The target of a request. ffmpeg may address the gateway as a server or as its proxy; either way the path
   * must be one that was issued.
   */
  find({ url = '', method }: IncomingMessage): FoundAddress | undefined {
    const path = url.startsWith(this.origin) ? url.slice(this.origin.length) : url;
    const [, token, id = ''] = path.split('/');
    const target = this.#targets.get(id);
    return method === 'GET' && token === this.#token && target !== undefined ? { id, target } : undefined;
  }

  /**
   * A line of ffmpeg's output with names in place of the gateway's addresses. For URLs from a playlist only
   * the last part is shown, since the rest may hold secrets.
   */
  hide(line: string): string {
    return line.replaceAll(new RegExp(`${this.origin}/[\\w-]+/(\\d+)/[^\\s'"]*`, 'g'), (_, id: string) => {
      const target = this.#targets.get(id);
      if (id === '0' || target === undefined) return this.#name;
      return `.../${target.url.pathname.split('/').at(-1) ?? ''}`;
    });
  }

  #remember(key: string, target: Target): string {
    const id = String(this.#nextId);
    this.#nextId += 1;
    this.#ids.set(key, id);
    this.#targets.set(id, target);
    if (this.#ids.size > maxTargets) {
      const [[oldKey, oldId] = ['', '']] = this.#ids;
      this.#ids.delete(oldKey);
      this.#targets.delete(oldId);
    }
    return id;
  }
}

/** An address that was asked for. */
export interface FoundAddress {
  readonly id: string;
  readonly target: Target;
}

/** Where one of the addresses leads. */
export interface Target {
  readonly url: URL;
  readonly delivery: Delivery | 'key';
}

/** How the bytes of an address are delivered. */
export type Delivery = 'playlist' | 'media' | 'camera';

/** Addresses kept for a live playlist; the oldest are forgotten. */
const maxTargets = 200_000;

/** Newer releases of ffmpeg open segments only under names that are usual for video. */
function fileName({ pathname }: URL, delivery: Target['delivery'], otherwise: string): string {
  if (delivery === 'playlist') return 'list.m3u8';
  if (delivery === 'camera') return 'camera.mjpeg';
  const extension = /\.(\w{1,5})$/.exec(pathname)?.[1]?.toLowerCase() ?? '';
  return `video.${expectedExtensions.has(extension) ? extension : otherwise}`;
}

const expectedExtensions = new Set([
  ...['ts', 'm2ts', 'mts', 'mpg', 'mpeg', 'm4s', 'mp4', 'm4v', 'm4a', 'm4i', 'mov', 'cmfv', 'cmfa', 'aac'],
  ...['adts', 'ac3', 'ec3', 'eac3', 'mp3', 'vtt', 'webvtt', 'key', 'webm', 'mkv', 'flv', 'avi'],
]);
