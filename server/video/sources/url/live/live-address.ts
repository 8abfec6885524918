import { DuetError } from '../../../../errors.js';

/**
 * Parses an address whose scheme shows that it is live.
 *
 * @param name the source's name in messages.
 * @returns undefined for other schemes.
 * @throws DuetError 'invalid_request' for one without a host or a port it needs, or that asks to listen.
 */
export function parseLiveAddress(address: string, name: string): LiveAddress | undefined {
  const known = schemes.get(schemeOf(address));
  if (known === undefined) return undefined;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || url.hostname === '') {
    throw new DuetError('invalid_request', `${name} names no host; write it as in ${known.example}`);
  }
  const port = url.port === '' ? known.port : Number(url.port);
  if (port === undefined || port === 0) {
    throw new DuetError('invalid_request', `${name} names no port; write it as in ${known.example}`);
  }
  if (known.protocol === 'srt' && !['caller', null].includes(url.searchParams.get('mode'))) {
    throw new DuetError('invalid_request', `${name} asks to listen; only mode=caller is read`);
  }
  return { protocol: known.protocol, secure: known.secure ?? false, url, port };
}

/** Whether an address is live whatever comes from it. */
export function isLiveAddress(address: string): boolean {
  return schemes.has(schemeOf(address));
}

/** A live address that can be opened. */
export interface LiveAddress {
  readonly protocol: LiveProtocol;
  /** Whether its connection is encrypted with TLS. */
  readonly secure: boolean;
  readonly url: URL;
  readonly port: number;
}

/** How live pictures come, apart from http. */
export type LiveProtocol = 'rtsp' | 'rtmp' | 'srt' | 'udp';

interface Scheme {
  readonly protocol: LiveProtocol;
  readonly secure?: true;
  /** The port where the address names none. */
  readonly port?: number;
  readonly example: string;
}

const schemes: ReadonlyMap<string, Scheme> = new Map([
  ['rtsp', { protocol: 'rtsp', port: 554, example: 'rtsp://camera.example/stream' }],
  ['rtsps', { protocol: 'rtsp', secure: true, port: 322, example: 'rtsps://camera.example/stream' }],
  ['rtmp', { protocol: 'rtmp', port: 1935, example: 'rtmp://host.example/live/stream' }],
  ['rtmps', { protocol: 'rtmp', secure: true, port: 443, example: 'rtmps://host.example/live/stream' }],
  ['srt', { protocol: 'srt', example: 'srt://host.example:9000' }],
  ['udp', { protocol: 'udp', example: 'udp://127.0.0.1:5004' }],
]);

/** The schemes of live addresses, without the colon. */
export const liveSchemes: readonly string[] = [...schemes.keys()];

function schemeOf(address: string): string {
  return /^([a-z]+):\/\//i.exec(address)?.[1]?.toLowerCase() ?? '';
}
