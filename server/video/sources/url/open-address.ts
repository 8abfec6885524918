import { DuetError } from '../../../errors.js';
import { refuseEncryptedMp4 } from '../encrypted-mp4.js';
import { requestedRange } from './http/byte-range.js';
import { beginsAsCamera, isCameraType } from './camera-pictures.js';
import { decompressed } from './http/decompress.js';
import { fetchAddress, isHttp } from './http/fetch-address.js';
import type { FetchRules } from './http/fetch-address.js';
import type { HttpAnswer } from './http/http-get.js';
import { brokenOffError, Gateway } from './gateway.js';
import type { GatewayParts, Opened } from './gateway.js';
import type { Delivery } from './gateway-addresses.js';
import { readableMedia } from './media.js';
import { LookAheadBody } from './http/look-ahead-body.js';
import { liveSchemes } from './live/live-address.js';
import {
  chooseVariant,
  firstVariant,
  isLivePlaylist,
  isMaster,
  readPlaylist,
  refuseLicensed,
  targetDuration,
} from './playlist.js';
import { requireVideo, statusError } from './require-video.js';
import { SignIns } from './http/sign-in.js';

/**
 * Requests an address, inspects the response, and opens a gateway for ffmpeg to read it from. The caller
 * disposes of the gateway.
 *
 * The response decides whether the video is live: a camera or a playlist without an end is; anything with a
 * length, or on a server with range support, is a recording.
 *
 * @throws DuetError 'invalid_request', 'not_found', or 'source_failed' saying what the server sent instead of
 * a video; the signal's reason when it is aborted.
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
    const answer = decompressed(requestedRange(await ask(range), range, ask));
    return { answer, body: new LookAheadBody(answer.body) };
  };
  const opened = await fetchWhole(url, fetch);
  try {
    const head = await firstBytes(opened, options.name);
    requireVideo(options.name, opened.answer, head);
    const delivery = deliveryOf(opened.answer, head);
    switch (delivery) {
      case 'playlist':
        return await openPlaylist(url, opened, options.name, fetch);
      case 'camera':
        return await standBefore(url, opened, { delivery, live: true }, { fetch, name: options.name });
      case 'media': {
        const { name } = options;
        await refuseEncryptedMp4(name, (at, length) => Promise.resolve(head.subarray(at, at + length)));
        const media = await readableMedia(opened, { name, head, fetch, signal });
        return await standBefore(url, media.opened, { delivery, live: media.live }, { ...media, name });
      }
      default:
        return delivery satisfies never;
    }
  } catch (thrown) {
    opened.body.close();
    throw isBreakOff(thrown) ? brokenOffError(options.name, thrown) : thrown;
  }
}

/** An address that answers with a video, as far as can be told without decoding. */
export interface OpenedAddress {
  readonly gateway: Gateway;
  /** The address that ffmpeg reads. */
  readonly input: string;
  readonly delivery: Delivery;
  readonly live: boolean;
  /** Seconds for which a live one may give no picture while all is well; default 5. */
  readonly quietSeconds?: number;
}

/** Whether the server is to blame, rather than, say, a full disk here. */
function isBreakOff(thrown: unknown): boolean {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  return thrown instanceof RangeError || /^(ECONNRESET|EPIPE|ERR_STREAM_PREMATURE_CLOSE|Z_)/.test(code);
}

type Fetch = (target: URL, range?: string) => Promise<Opened>;

function requireHttp(address: string, name: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url !== undefined && isHttp(url)) return url;
  const why =
    url === undefined
      ? 'is not a valid address; write it as in https://example.org/video.mp4'
      : `cannot be opened; an address begins with http, https, ${liveSchemes.join(', ')}`;
  throw new DuetError('invalid_request', `${name} ${why}`);
}

/**
 * Asking for the whole as a range reveals whether the server supports ranges; a few servers answer with an
 * error.
 */
async function fetchWhole(url: URL, fetch: Fetch): Promise<Opened> {
  const opened = await fetch(url, 'bytes=0-');
  if (![400, 416, 501].includes(opened.answer.status)) return opened;
  opened.body.close();
  return fetch(url);
}

async function firstBytes({ answer, body }: Opened, name: string): Promise<Buffer> {
  if (answer.status >= 400) return Buffer.alloc(0);
  const first = await body.lookAhead(1, 15_000);
  if (first.length > 0) return body.lookAhead(4096, 500);
  const what = body.ended
    ? 'is empty (0 bytes)'
    : 'sends nothing; its server has answered, and no byte came within 15 seconds';
  throw new DuetError('source_failed', `${name} ${what}`, { retryable: !body.ended });
}

function deliveryOf({ headers }: HttpAnswer, head: Buffer): Delivery {
  if (isCameraType(headers['content-type']) || beginsAsCamera(head)) return 'camera';
  return /^(\xef\xbb\xbf)?#EXTM3U/.test(head.toString('latin1')) ? 'playlist' : 'media';
}

async function standBefore(
  url: URL,
  opened: Opened,
  found: Pick<OpenedAddress, 'delivery' | 'live' | 'quietSeconds'>,
  parts: Omit<GatewayParts, 'owned'> & { owned?: readonly AsyncDisposable[] },
): Promise<OpenedAddress> {
  const gateway = await Gateway.open({ owned: [], ...parts });
  return { ...found, gateway, input: gateway.addressOf(url, found.delivery, opened) };
}

async function openPlaylist(url: URL, opened: Opened, name: string, fetch: Fetch): Promise<OpenedAddress> {
  const text = await readPlaylist(name, opened.body);
  const variant = isMaster(text) ? await openVariant(text, opened.answer.url, name, fetch) : undefined;
  const list = variant?.text ?? text;
  refuseLicensed(name, list);
  // Pictures come a segment at a time, and a sender may be late by another.
  const quietSeconds = 5 + 2 * targetDuration(list);
  const found = { delivery: 'playlist', live: isLivePlaylist(list), quietSeconds } as const;
  const address = await standBefore(url, opened, found, { fetch, name });
  if (variant !== undefined) address.gateway.addressOf(variant.url, 'playlist', variant.opened);
  return address;
}

/** The media playlist to read, chosen from those that a master playlist names. */
async function openVariant(
  master: string,
  base: URL,
  name: string,
  fetch: Fetch,
): Promise<{ readonly text: string; readonly url: URL; readonly opened: Opened }> {
  const address = firstVariant(chooseVariant(master)) ?? '';
  const url = URL.canParse(address, base) ? new URL(address, base) : undefined;
  if (address === '' || url === undefined || !isHttp(url)) {
    throw new DuetError('source_failed', `${name} is a playlist without a media playlist over http(s)`);
  }
  const opened = await fetch(url);
  const { status } = opened.answer;
  if (status < 400) return { text: await readPlaylist(name, opened.body), url, opened };
  opened.body.close();
  throw statusError(`the playlist to which ${name} leads`, status);
}
