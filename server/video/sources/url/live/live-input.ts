import { DuetError } from '../../../../errors.js';
import { inputOptions } from '../../../ffmpeg/input.js';
import type { FfmpegInput } from '../../../ffmpeg/input.js';
import { allowedAddresses } from '../http/resolve-address.js';
import type { ResolveRules } from '../http/resolve-address.js';
import type { LiveAddress, LiveProtocol } from './live-address.js';
import { listeningAddress } from './listening-address.js';
import { Relay } from './relay.js';

/**
 * Names a live address to ffmpeg so that it reaches nothing else: RTSP and RTMP through a relay, SRT at the
 * address that was checked, UDP at a port of this machine.
 *
 * @param probing options that say how long ffmpeg examines the stream before it decodes it.
 * @throws DuetError 'source_failed' for an address that may not be reached, 'invalid_request'.
 */
export async function liveInput(
  address: LiveAddress,
  rules: LiveRules,
  probing: readonly string[],
): Promise<FfmpegInput> {
  const common = { environment: {}, live: true, failure: () => undefined };
  const options = [...inputOptions(protocols[address.protocol], formats[address.protocol]), ...lowDelay];
  const nothingHeld = { [Symbol.asyncDispose]: () => Promise.resolve() };
  switch (address.protocol) {
    case 'rtsp':
    case 'rtmp':
      return relayedInput(address, rules, [...options, ...probing]);
    case 'srt': {
      const input = `srt://${await checkedHost(address, rules)}:${address.port}`;
      const parameters = srtOptions(address.url.searchParams);
      const hide = hiding(rules.name, /\bsrt:\/\/[^\s'"]+/g);
      return {
        ...common,
        ...nothingHeld,
        input,
        hide,
        options: [...options, ...parameters, ...ownClock, ...probing],
      };
    }
    case 'udp': {
      const input = await listeningAddress(address, rules);
      const hide = hiding(rules.name, /\budp:\/\/[^\s'"]+/g);
      return {
        ...common,
        ...nothingHeld,
        input,
        hide,
        options: [...options, '-f', 'mpegts', ...ownClock, ...probing],
      };
    }
    default:
      return address.protocol satisfies never;
  }
}

/** Which addresses may be reached, and how RTSP sends its pictures. */
export interface LiveRules extends ResolveRules {
  readonly transport: RtspTransport;
}

/** `tcp`: inside the connection; `udp`: in datagrams beside it, where losses do not hold up what follows. */
type RtspTransport = 'tcp' | 'udp';

const protocols: Readonly<Record<LiveProtocol, readonly string[]>> = {
  rtsp: ['tcp', 'rtp', 'udp'],
  rtmp: ['rtmp', 'tcp'],
  srt: ['srt'],
  udp: ['udp'],
};

const formats: Readonly<Record<LiveProtocol, readonly string[]>> = {
  rtsp: ['rtsp'],
  rtmp: ['flv', 'live_flv'],
  srt: ['mpegts'],
  udp: ['mpegts'],
};

/** Several threads would each hold a picture back. */
const lowDelay = ['-flags', 'low_delay', '-threads', '1'];

/** A sender's new clock is passed on: ffmpeg would close the gap before it, which only our clock knows. */
const ownClock = ['-copyts'];

async function relayedInput(
  address: LiveAddress,
  rules: LiveRules,
  options: readonly string[],
): Promise<FfmpegInput> {
  const { protocol, url } = address;
  if (rules.transport === 'udp' && !rules.allowPrivate) {
    const message = `${rules.name} cannot be read over UDP: this server reaches public addresses only; use TCP`;
    throw new DuetError('source_failed', message);
  }
  const relay = await Relay.open(address, rules);
  const user = url.username === '' ? '' : `${url.username}:${url.password}@`;
  const more = protocol === 'rtsp' ? rtspOptions(rules.transport) : rtmpOptions(address);
  return {
    input: `${protocol}://${user}127.0.0.1:${relay.port}${url.pathname}${url.search}`,
    environment: {},
    live: true,
    hide: hiding(rules.name, /\b(rtsp|rtmp|tcp):\/\/[^\s'"]+/g),
    failure: () => relay.failure && { error: relay.failure, cutOff: false },
    options: [...options, ...more],
    [Symbol.asyncDispose]: () => relay[Symbol.asyncDispose](),
  };
}

function rtspOptions(transport: RtspTransport): readonly string[] {
  return ['-rtsp_transport', transport, '-allowed_media_types', 'video'];
}

/** The relay's address must not reach the server, which may choose the stream by the name it is called by. */
function rtmpOptions({ url, secure }: LiveAddress): readonly string[] {
  const [first = '', second = '', ...rest] = url.pathname.slice(1).split('/');
  const app = rest.length === 0 ? first : `${first}/${second}`;
  return ['-rtmp_live', 'live', '-rtmp_tcurl', `rtmp${secure ? 's' : ''}://${url.host}/${app}`];
}

/** What an SRT address may set: nothing that makes this machine listen. */
function srtOptions(parameters: URLSearchParams): readonly string[] {
  const given = ['streamid', 'passphrase', 'pbkeylen', 'latency'].flatMap((name) => {
    const value = parameters.get(name);
    return value === null ? [] : [`-${name}`, value];
  });
  return ['-mode', 'caller', '-connect_timeout', '5000', ...given, '-f', 'mpegts'];
}

async function checkedHost({ url }: LiveAddress, rules: LiveRules): Promise<string> {
  const [found] = await allowedAddresses(url, rules);
  if (found === undefined) throw new DuetError('source_failed', `${rules.name} leads to no address`);
  return found.family === 6 ? `[${found.address}]` : found.address;
}

function hiding(name: string, addresses: RegExp): FfmpegInput['hide'] {
  return (line) => line.replaceAll(addresses, name);
}
