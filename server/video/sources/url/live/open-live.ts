import { DuetError, toDuetError } from '../../../../errors.js';
import { isWithoutPictures } from '../../../ffmpeg/failure.js';
import type { FrameStream } from '../../../stream.js';
import { decodeSource } from '../../decode-source.js';
import type { SourceOptions } from '../../source-kind.js';
import type { LiveAddress, LiveProtocol } from './live-address.js';
import { liveInput } from './live-input.js';
import type { LiveRules } from './live-input.js';

/**
 * Opens a live address: at first ffmpeg examines the stream as briefly as such streams allow; where that
 * shows no picture, at length.
 *
 * @throws DuetError as `SourceKind.open` does.
 */
export async function openLive(
  address: LiveAddress,
  rules: LiveRules,
  options: SourceOptions,
  signal: AbortSignal,
): Promise<FrameStream> {
  const probings = probingsOf[address.protocol];
  const later = 15_000 + 2000 / options.fps;
  for (const [index, { settings, patienceMs }] of probings.entries()) {
    const patience = { first: patienceMs, later };
    const begun = performance.now();
    try {
      const prepare = () => liveInput(address, rules, settings);
      return await decodeSource(prepare, { patienceMs: patience, ...options }, signal);
    } catch (thrown) {
      const inVain = performance.now() - begun >= patienceMs;
      const error = toDuetError(thrown);
      if (index === probings.length - 1) throw isWithoutPictures(error) ? soundSoFar(error) : thrown;
      if (!maySeeMore(error, inVain)) throw thrown;
    }
  }
  throw new DuetError('internal', `there is no way to examine ${address.protocol}`);
}

/** How ffmpeg examines a stream. */
interface Probing {
  readonly settings: readonly string[];
  /** Milliseconds in which a picture must come. */
  readonly patienceMs: number;
}

/** An RTSP server describes its streams. */
const atOnce = ['-probesize', '32', '-analyzeduration', '0'];

/**
 * MPEG-TS is examined for as long as is allowed, whatever was found: a second, in which most have a key
 * frame.
 */
const forASecond = ['-fpsprobesize', '0', '-analyzeduration', '1000000'];
const atLength = ['-fpsprobesize', '0', '-analyzeduration', '12000000', '-probesize', '20000000'];

const transportStream: readonly Probing[] = [
  { settings: forASecond, patienceMs: 6000 },
  { settings: atLength, patienceMs: 25_000 },
];

const probingsOf: Readonly<Record<LiveProtocol, readonly Probing[]>> = {
  rtsp: [
    { settings: atOnce, patienceMs: 6000 },
    { settings: [], patienceMs: 20_000 },
  ],
  rtmp: [
    { settings: ['-fpsprobesize', '0'], patienceMs: 15_000 },
    { settings: [], patienceMs: 20_000 },
  ],
  srt: transportStream,
  udp: transportStream,
};

/** ffmpeg looks for streams only at the beginning; pictures that a sender adds later are seen next time. */
function soundSoFar({ code, message, cause }: DuetError): DuetError {
  return new DuetError(code, message, { cause, retryable: true });
}

/** A sender that is out of reach, or refuses, does so however long its stream is examined. */
function maySeeMore({ code, retryable }: DuetError, waitedInVain: boolean): boolean {
  return code === 'source_failed' && (waitedInVain || !retryable);
}
