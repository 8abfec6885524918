import { DuetError } from '../../../errors.js';
import { askedPart } from './http/byte-range.js';
import { beginsAsCamera, isCameraType } from './camera-pictures.js';
import { decoded } from './http/decoded-answer.js';
import { fetchAddress, isHttp } from './http/fetch-address.js';
import type { Answer, FetchRules } from './http/fetch-address.js';
import { brokenOff, Gateway } from './gateway.js';
import type { GatewayParts, Opened, Passage } from './gateway.js';
import { indexLiesAtTheEnd } from './mp4-index.js';
import { PeekedBody } from './http/look-ahead.js';
import { chooseVariant, firstVariant, isLivePlaylist, isMaster } from './playlist.js';
import { readPlaylist } from './read-playlist.js';
import { refuseOtherThanVideo } from './refuse-other-than-video.js';
import { SignIns } from './http/sign-in.js';
import { maxSpoolBytes, Spool } from './spool.js';

/** An address that answers with a video, as far as can be told without decoding. */
export interface OpenedAddress {
  readonly gateway: Gateway;
  /** Where ffmpeg reads it. */
  readonly input: string;
  readonly passage: Passage;
  readonly live: boolean;
}

/**
 * Asks for an address, looks at what comes, and stands a gateway before it. The caller disposes of the
 * gateway.
 *
 * The answer decides whether the video is live: a camera and a playlist that goes on are; what has a length,
 * or can be sent in parts, is a recording.
 *
 * @throws DuetError 'invalid_request', 'not_found', or 'source_failed' with what the server answered instead
 * of a video; what aborted the signal.
 */
export async function openAddress(
  address: string,
  options: FetchRules,
  signal: AbortSignal,
): Promise<OpenedAddress> {
  const url = requireHttp(address, options.name);
  const rules = { ...options, signIns: new SignIns() };
  const fetch = async (target: URL, range?: string): Promise<Opened> => {
    const ask = (part?: string) => fetchAddress(target, rules, signal, part);
    const answer = decoded(askedPart(await ask(range), range, ask));
    return { answer, body: new PeekedBody(answer.body) };
  };
  const opened = await fetchWhole(url, fetch);
  try {
    const head = await firstBytes(opened, options.name);
    refuseOtherThanVideo(options.name, opened.answer, head);
    const passage = passageOf(opened.answer, head);
    switch (passage) {
      case 'playlist':
        return await openPlaylist(url, opened, options.name, fetch);
      case 'camera':
        return await standBefore(url, opened, { passage, live: true }, { fetch, name: options.name });
      case 'media':
        return await openMedia(url, opened, options.name, { head, fetch, signal });
      default:
        return passage satisfies never;
    }
  } catch (thrown) {
    opened.body.close();
    throw isBreakOff(thrown) ? brokenOff(options.name, thrown) : thrown;
  }
}

/** Whether the server is to blame, and not, say, a full disk here. */
function isBreakOff(thrown: unknown): boolean {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  return thrown instanceof RangeError || /^(ECONNRESET|EPIPE|ERR_STREAM_PREMATURE_CLOSE|Z_)/.test(code);
}

type Fetch = (target: URL, range?: string) => Promise<Opened>;

function requireHttp(address: string, name: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url !== undefined && isHttp(url)) return url;
  throw new DuetError(
    'invalid_request',
    `${name} is not an address that can be opened; it must begin with http:// or https://`,
  );
}

/**
 * Asking for the part that is everything tells whether the server can send parts; a few servers answer that
 * with an error.
 */
async function fetchWhole(url: URL, fetch: Fetch): Promise<Opened> {
  const opened = await fetch(url, 'bytes=0-');
  if (![400, 416, 501].includes(opened.answer.status)) return opened;
  opened.body.close();
  return fetch(url);
}

async function firstBytes({ answer, body }: Opened, name: string): Promise<Buffer> {
  if (answer.status >= 400) return Buffer.alloc(0);
  const first = await body.peek(1, 15_000);
  if (first.length > 0) return body.peek(4096, 500);
  const what = body.ended
    ? 'is empty (0 bytes)'
    : 'sends nothing; its server has answered, and no byte came within 15 seconds';
  throw new DuetError('source_failed', `${name} ${what}`);
}

function passageOf({ headers }: Answer, head: Buffer): Passage {
  if (isCameraType(headers['content-type']) || beginsAsCamera(head)) return 'camera';
  return /^(\xef\xbb\xbf)?#EXTM3U/.test(head.toString('latin1')) ? 'playlist' : 'media';
}

async function standBefore(
  url: URL,
  opened: Opened,
  found: Pick<OpenedAddress, 'passage' | 'live'>,
  parts: Omit<GatewayParts, 'owned'> & { owned?: readonly AsyncDisposable[] },
): Promise<OpenedAddress> {
  const gateway = await Gateway.open({ owned: [], ...parts });
  return { ...found, gateway, input: gateway.addressOf(url, found.passage, opened) };
}

async function openMedia(
  url: URL,
  opened: Opened,
  name: string,
  { head, fetch, signal }: { head: Buffer; fetch: Fetch; signal: AbortSignal },
): Promise<OpenedAddress> {
  const { answer, body } = opened;
  if (answer.status === 206 || indexLiesAtTheEnd(head) !== true) {
    const live = !isKept(answer) && (await comesSlowly(body));
    return standBefore(url, opened, { passage: 'media', live }, { fetch, name });
  }
  const spool =
    (lengthOf(answer) ?? 0) > maxSpoolBytes ? undefined : await Spool.fill(answer.url, body, signal);
  if (spool === undefined) throw unreadable(name);
  const fromSpool = (range?: string): Opened => {
    const part = spool.answer(range);
    return { answer: part, body: new PeekedBody(part.body) };
  };
  return standBefore(
    url,
    fromSpool(),
    { passage: 'media', live: false },
    { name, owned: [spool], fetch: (_target, range) => Promise.resolve(fromSpool(range)) },
  );
}

function unreadable(name: string): DuetError {
  return new DuetError(
    'source_failed',
    `${name} cannot be read from this server: its index lies at its end, and the ` +
      'server cannot send parts of a file (it knows no Range); ' +
      'download it first, or write it with -movflags +faststart, which puts the index in front',
  );
}

async function openPlaylist(url: URL, opened: Opened, name: string, fetch: Fetch): Promise<OpenedAddress> {
  const text = await readPlaylist(name, opened.body);
  const variant = isMaster(text) ? await openVariant(text, opened.answer.url, name, fetch) : undefined;
  const found = { passage: 'playlist', live: isLivePlaylist(variant?.text ?? text) } as const;
  const address = await standBefore(url, opened, found, { fetch, name });
  if (variant !== undefined) address.gateway.addressOf(variant.url, 'playlist', variant.opened);
  return address;
}

/** The playlist of segments that will be read, of those that a master playlist names. */
async function openVariant(
  master: string,
  base: URL,
  name: string,
  fetch: Fetch,
): Promise<{ readonly text: string; readonly url: URL; readonly opened: Opened }> {
  const address = firstVariant(chooseVariant(master)) ?? '';
  const url = URL.canParse(address, base) ? new URL(address, base) : undefined;
  if (address === '' || url === undefined || !isHttp(url)) {
    throw new DuetError(
      'source_failed',
      `${name} is a playlist that leads to no playlist of segments over http(s)`,
    );
  }
  const opened = await fetch(url);
  const { status } = opened.answer;
  if (status < 400) return { text: await readPlaylist(name, opened.body), url, opened };
  opened.body.close();
  throw new DuetError('source_failed', `${name} leads to a playlist that cannot be fetched (${status})`);
}

/** Bytes of a whole body, where the server says so. */
function lengthOf({ status, headers }: Answer): number | null {
  const total =
    status === 206 ? /\/(\d+)$/.exec(headers['content-range'] ?? '')?.[1] : headers['content-length'];
  return total === undefined ? null : Number(total);
}

/** Whether the server has all of it: it knows its length or its version, or can send parts. */
function isKept(answer: Answer): boolean {
  const { headers, status } = answer;
  return (
    lengthOf(answer) !== null ||
    status === 206 ||
    headers['accept-ranges'] === 'bytes' ||
    headers.etag !== undefined ||
    headers['last-modified'] !== undefined
  );
}

/**
 * Bytes that a server sends within {@link paceMs} of a recording; a live stream comes more slowly.
 */
const burstBytes = 1024 ** 2;
const paceMs = 1000;

/**
 * For a response without a length only its pace tells whether it is live. When in doubt it is a recording, of
 * which nothing is dropped.
 */
async function comesSlowly(body: PeekedBody): Promise<boolean> {
  const come = await body.peek(burstBytes, paceMs);
  return !body.ended && come.length < burstBytes;
}
