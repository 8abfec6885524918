import { inputOptions, selfContainedFormats } from '../../ffmpeg/input.js';
import type { FfmpegInput } from '../../ffmpeg/input.js';
import { decodeSource } from '../decode-source.js';
import type { SourceKind } from '../source-kind.js';
import type { Delivery } from './gateway-addresses.js';
import { openAddress } from './open-address.js';
import type { OpenedAddress } from './open-address.js';

/**
 * A video at an http(s) address. This process fetches it; ffmpeg reads it from a gateway on the loopback
 * address, and so nothing but this address and what it leads to over http(s).
 */
export const urlSource: SourceKind<'url'> = {
  name: ({ url }) => withoutSecrets(url),
  open: ({ url }, options, signal) => {
    const { name, network, allowPrivateUrls: allowPrivate = true } = options;
    const rules = { ...network, name, allowPrivate };
    return decodeSource(async () => addressInput(await openAddress(url, rules, signal)), options, signal);
  },
};

/** An address without user name, password, query and fragment. */
function withoutSecrets(address: string): string {
  if (!URL.canParse(address)) return address;
  const { protocol, host, pathname } = new URL(address);
  return `${protocol}//${host}${pathname}`;
}

function addressInput({ gateway, input, delivery, live }: OpenedAddress): FfmpegInput {
  return {
    input,
    // Of what ffmpeg opens by itself, which is http alone, everything goes to the gateway, which gives only
    // what it has named.
    environment: { http_proxy: gateway.origin },
    live,
    hide: (line) => gateway.hide(line),
    failure: () =>
      gateway.failure && { error: gateway.failure, cutOff: gateway.cutOff && delivery === 'media' },
    options: [
      ...inputOptions(['http', 'tcp', 'crypto'], addressFormats[delivery]),
      // Pictures of a camera carry no times: they are what they are when they come.
      ...(delivery === 'camera' ? ['-use_wallclock_as_timestamps', '1', '-f', 'mpjpeg'] : []),
    ],
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  };
}

/**
 * What segments of an HLS playlist are, beside the playlist itself; sound in files of its own is recognised,
 * so that it can be said to be no video.
 */
const playlistFormats = ['hls', 'mpegts', 'mov', 'aac', 'mp3', 'ac3', 'eac3', 'webvtt'];

const addressFormats: Readonly<Record<Delivery, readonly string[]>> = {
  playlist: playlistFormats,
  camera: ['mpjpeg'],
  media: selfContainedFormats,
};
