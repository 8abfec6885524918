import { inputOptions } from '../../ffmpeg/input.js';
import type { FfmpegInput } from '../../ffmpeg/input.js';
import type { FrameStream } from '../../stream.js';
import { decodeSource } from '../decode-source.js';
import type { ArrivedSender, ExpectedSender } from '../expected-sender.js';
import type { RetryPolicy } from '../retry.js';
import type { SourceKind, SourceOptions } from '../source-kind.js';

/** A live stream that a sender, such as OBS, pushes to this server. Opening it waits for the sender. */
export const ingestSource: SourceKind<'ingest'> = {
  name: ({ protocol }) => `ingest ${protocol}`,
  isLive: () => true,
  async open({ sender }, options, signal) {
    const arrived = await sender.next(signal);
    try {
      const stream = await openArrived(arrived, options, signal);
      if (arrived.type === 'flv') arrived.bytes.settle();
      sender.opened();
      return stream;
    } catch (thrown) {
      if (arrived.type === 'flv') arrived.hangUp();
      throw thrown;
    }
  },
};

/**
 * Waits for the sender again for as long as it may come back; at once, but not if it keeps coming and going.
 */
export function retryWhileExpected(sender: ExpectedSender, maxAttempts = Infinity): RetryPolicy {
  return ({ error, failures }) => {
    const isHopeless = ['unsupported', 'cancelled', 'internal'].includes(error.code);
    if (sender.isOver || isHopeless || failures > maxAttempts) return null;
    return failures === 1 ? 0 : Math.min(5000, 250 * 2 ** (failures - 1));
  };
}

function openArrived(
  arrived: ArrivedSender,
  options: SourceOptions,
  signal: AbortSignal,
): Promise<FrameStream> {
  const first = arrived.type === 'flv' ? firstPictureMs : arrived.patienceMs;
  const patienceMs = { first, later: 15_000 + 2000 / options.fps };
  const prepare = () =>
    Promise.resolve(arrived.type === 'flv' ? flvInput(arrived, options) : srtInput(arrived, options));
  return decodeSource(prepare, { patienceMs, ...options }, signal);
}

/** A sender begins with a key frame, or sends one within seconds. */
const firstPictureMs = 20_000;

const common = {
  environment: {},
  live: true,
  failure: () => undefined,
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

/** Several threads would each hold a picture back. */
const lowDelay = [
  '-flags',
  'low_delay',
  '-threads',
  '1',
  '-fpsprobesize',
  '0',
  '-analyzeduration',
  '1000000',
];

function flvInput(arrived: Extract<ArrivedSender, { type: 'flv' }>, { name }: SourceOptions): FfmpegInput {
  return {
    ...common,
    input: 'pipe:0',
    bytes: () => arrived.bytes.read(),
    finished: arrived.hasFinished,
    hide: (line) => line.replaceAll('pipe:0', name),
    options: [...inputOptions(['pipe'], ['flv']), '-f', 'flv', ...lowDelay],
    [Symbol.asyncDispose]: () => {
      arrived.hangUp();
      return Promise.resolve();
    },
  };
}

/** Who does not encrypt with the passphrase is refused by ffmpeg's SRT library. */
function srtInput(arrived: Extract<ArrivedSender, { type: 'srt' }>, { name }: SourceOptions): FfmpegInput {
  const { host, port, passphrase } = arrived;
  return {
    ...common,
    input: `srt://${host}:${port}`,
    hide: (line) => line.replaceAll(/\bsrt:\/\/[^\s'"]+/g, name),
    options: [
      ...inputOptions(['srt'], ['mpegts']),
      ...['-mode', 'listener', '-passphrase', passphrase, '-enforced_encryption', '1'],
      ...['-f', 'mpegts', '-copyts', ...lowDelay],
    ],
  };
}
