import { inputOptions, selfContainedFormats } from '../../ffmpeg/input.js';
import type { FfmpegInput } from '../../ffmpeg/input.js';
import { decodeSource } from '../decode-source.js';
import type { SourceKind } from '../source-kind.js';
import type { Delivery } from './gateway-addresses.js';
import { isLiveAddress, parseLiveAddress } from './live/live-address.js';
import { openLive } from './live/open-live.js';
import { openAddress } from './open-address.js';
import type { OpenedAddress } from './open-address.js';

/**
 * A video at an address. What http(s) gives is fetched by this process and read by ffmpeg from a gateway on
 * the loopback address, so ffmpeg can reach only this address and the http(s) addresses it leads to; other
 * schemes are live, see {@link openLive}.
 */
export const urlSource: SourceKind<'url'> = {
  name: ({ url }) => withoutSecrets(url),
  isLive: ({ url }) => isLiveAddress(url),
  open: async ({ url, transport = 'tcp' }, options, signal) => {
    const { name, network, allowPrivateUrls: allowPrivate = true } = options;
    const rules = { ...network, name, allowPrivate };
    const live = parseLiveAddress(url, name);
    if (live !== undefined) return openLive(live, { ...rules, transport }, options, signal);
    return decodeSource(async () => addressInput(await openAddress(url, rules, signal)), options, signal);
  },
};

/** An address without user name, password, query and fragment. */
function withoutSecrets(address: string): string {
  if (!URL.canParse(address)) return address.replace(/\/\/[^/]*@/, '//').replace(/[?#].*/s, '');
  const { protocol, host, pathname } = new URL(address);
  return `${protocol}//${host}${pathname}`;
}

function addressInput({ gateway, input, delivery, live, quietSeconds }: OpenedAddress): FfmpegInput {
  return {
    input,
    // Anything else that ffmpeg opens, which can only be http, goes to the gateway too, which serves only
    // addresses it has issued.
    environment: { http_proxy: gateway.origin },
    live,
    // A camera never ends; a body that is sent to its end has.
    finished: () => (delivery === 'playlist' ? gateway.listEnded : delivery === 'media'),
    quietSeconds,
    hide: (line) => gateway.hide(line),
    failure: () => {
      const { failure } = gateway;
      return failure && { error: failure.error, cutOff: failure.cutOff && delivery === 'media' };
    },
    options: [
      ...inputOptions(['http', 'tcp', 'crypto'], addressFormats[delivery]),
      // A camera's pictures carry no times, so the time of arrival is used.
      ...(delivery === 'camera' ? ['-use_wallclock_as_timestamps', '1', '-f', 'mpjpeg'] : []),
    ],
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  };
}

/**
 * Formats of HLS segments and of the playlist itself. Separate sound files are recognised only to report that
 * they are not video.
 */
const playlistFormats = ['hls', 'mpegts', 'mov', 'aac', 'mp3', 'ac3', 'eac3', 'webvtt'];

const addressFormats: Readonly<Record<Delivery, readonly string[]>> = {
  playlist: playlistFormats,
  camera: ['mpjpeg'],
  media: selfContainedFormats,
};
