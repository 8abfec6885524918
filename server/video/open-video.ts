import { cancelled, startDecoder } from './ffmpeg/decoder.js';
import type { DecodingJob, StampedPicture, StartedDecoder } from './ffmpeg/decoder.js';
import { sharedPlaces } from './ffmpeg/decoder-places.js';
import type { DecoderPlaces } from './ffmpeg/decoder-places.js';
import { locateFfmpeg } from './ffmpeg/binary.js';
import type { FfmpegBinary } from './ffmpeg/binary.js';
import { ffmpegInput } from './ffmpeg/input.js';
import type { FfmpegInput, FfmpegInputOptions } from './ffmpeg/input.js';
import { requireAllowedFfmpeg, strictFfmpegPolicy } from './ffmpeg/policy.js';
import type { FfmpegPolicy } from './ffmpeg/policy.js';
import { requireSamplingOptions, selectFilter } from './sampling/frame-selection.js';
import { letterbox } from './pictures/letterbox.js';
import { openScaled } from './sampling/open-scaled.js';
import type { OpenedVideo } from './sampling/open-scaled.js';
import { SampledVideo } from './sampling/sampled-video.js';
import { SourceNotes } from './sampling/source-notes.js';
import { sourceName } from './sources/source.js';
import type { VideoSource } from './sources/source.js';
import type { TimedPicture } from './sampling/steady-clock.js';
import type { FrameStream, RequestedSampling, SamplingOptions } from './stream.js';
import { systemTime } from './sampling/time.js';
import type { Time } from './sampling/time.js';

/** How a video is opened; all but the sampling has a default. */
export interface OpenVideoOptions extends RequestedSampling {
  /**
   * How messages name the video; default the path as given, or the address without its secrets. A server
   * whose clients do not know the path says so here.
   */
  readonly name?: string;
  /** Default: what `locateFfmpeg` finds. */
  readonly ffmpeg?: FfmpegBinary;
  /** Default: the bundled ffmpeg is refused. */
  readonly ffmpegPolicy?: FfmpegPolicy;
  /**
   * Whether an address may lead to this machine and to private networks, at any of its redirects and
   * segments; default true.
   */
  readonly allowPrivateUrls?: boolean;
  /**
   * How names are resolved and which addresses count as public; default: the system's resolver, and all of
   * the open internet.
   */
  readonly network?: Pick<FfmpegInputOptions, 'resolve' | 'isPublic'>;
  /**
   * Milliseconds for which the first picture, and each later one, is waited for before the video is given up.
   * Default: 120 s for a file, whose pictures may be far apart, and 30 s for an address; later ones have 10 s
   * more for every second between two samples.
   */
  readonly patienceMs?: { readonly first: number; readonly later: number };
  /** Bounds how many videos are decoded at once; default 64 in this process. */
  readonly places?: DecoderPlaces;
  /** Default: this machine's. */
  readonly time?: Time;
}

type NamedOptions = OpenVideoOptions & { readonly name: string };
type ChosenOptions = NamedOptions & SamplingOptions;

/**
 * Opens a file or an address and resolves when its first frame is decoded.
 *
 * Aborting the signal, then or later, stops ffmpeg; what is awaited then rejects with 'cancelled'. Dispose
 * the stream in any case.
 *
 * @throws DuetError 'not_found' or 'source_failed' with what is wrong with the video, 'invalid_request' for
 * options or addresses that cannot be, 'unsupported' where no ffmpeg may be used, 'cancelled'.
 */
export async function openVideo(
  source: VideoSource,
  options: OpenVideoOptions,
  signal: AbortSignal = new AbortController().signal,
): Promise<FrameStream> {
  requireSamplingOptions(options);
  const name = options.name ?? sourceName(source);
  if (signal.aborted) throw cancelled(name, signal);
  const ffmpeg = options.ffmpeg ?? (await locateFfmpeg());
  requireAllowedFfmpeg(ffmpeg, options.ffmpegPolicy ?? strictFfmpegPolicy);
  const input = await openInput(source, { ...options, name }, signal);
  try {
    const sampler = options.sampler ?? (input.live ? 'grid' : 'timestamps');
    return await sampled(ffmpeg, input, { ...options, name, sampler }, signal);
  } catch (thrown) {
    await input[Symbol.asyncDispose]();
    throw thrown;
  }
}

/** Checks the source, in a place among those that are decoded, which goes with the input. */
async function openInput(
  source: VideoSource,
  options: NamedOptions,
  signal: AbortSignal,
): Promise<FfmpegInput> {
  const { name, network, allowPrivateUrls: allowPrivate = true, places = sharedPlaces } = options;
  let leave = (): void => undefined;
  try {
    leave = await places.take(name, signal);
    const input = await ffmpegInput(source, { ...network, name, allowPrivate }, signal);
    const dispose = async () => {
      await input[Symbol.asyncDispose]();
      leave();
    };
    return { ...input, [Symbol.asyncDispose]: dispose };
  } catch (thrown) {
    leave();
    if (signal.aborted) throw cancelled(options.name, signal);
    throw thrown;
  }
}

async function sampled(
  ffmpeg: FfmpegBinary,
  input: FfmpegInput,
  options: ChosenOptions,
  signal: AbortSignal,
): Promise<FrameStream> {
  const { name } = options;
  const job = {
    ...{ ffmpeg, name, input, readAheadBytes: readAhead(options.side) },
    patienceMs: options.patienceMs ?? defaultPatience(input, options.fps),
  };
  const reference = options.sampler === 'reference';
  const opened = await (reference
    ? startReference({ ...job, maxFrames: options.maxFrames }, options, signal)
    : openScaled(job, options, signal));
  return new SampledVideo({
    ...opened,
    ...{ name, input, maxFrames: options.maxFrames, pacing: options.pacing },
    shape: reference ? (picture) => letterbox(picture, options.side) : (picture) => picture,
    time: options.time ?? systemTime,
    signal,
  });
}

type Job = Omit<DecodingJob, 'filters'>;

/**
 * A picture far into the video takes decoding what lies before it; however seldom pictures are asked for, ten
 * minutes are enough.
 */
function defaultPatience({ input }: FfmpegInput, fps: number): DecodingJob['patienceMs'] {
  const first = input.startsWith('file:') ? 120_000 : 30_000;
  return { first, later: Math.min(600_000, first + 10_000 / fps) };
}

/** The next two pictures are decoded while the reader works on one. */
function readAhead(side: number): number {
  return 2 * side * side * 3;
}

/**
 * The reference reads with OpenCV: it counts frames instead of reading their times (so sample k stands at k /
 * fps, and the length is a whole number of frames), knows neither sample aspect ratios nor matrices other
 * than BT.601, and scales with a scaler that ffmpeg has not, so the pictures come in full size.
 */
async function startReference(job: Job, options: ChosenOptions, signal: AbortSignal): Promise<OpenedVideo> {
  const frameRate = await probeFrameRate(job, signal);
  const filters = [selectFilter(options, frameRate), 'scale=in_color_matrix=bt601:flags=bicubic'];
  const started = await startDecoder({ ...job, filters }, signal);
  const { duration } = started.decoder.log.describe();
  return {
    ...started,
    notes: new SourceNotes(),
    timed: counted(started, options.fps),
    ...(duration !== null &&
      frameRate !== null && { duration: Math.round(duration * frameRate) / frameRate }),
  };
}

/** Pictures at k / fps, whatever their own times. */
async function* counted({ decoder, first }: StartedDecoder, fps: number): AsyncGenerator<TimedPicture> {
  let next: StampedPicture | undefined = first;
  for (let index = 0; next !== undefined; index += 1, next = await decoder.next()) {
    yield { picture: next.picture, videoTime: index / fps };
  }
}

/**
 * The average rate of a video, which the filter must know before the first frame, at the price of decoding
 * that one twice.
 */
async function probeFrameRate(job: Job, signal: AbortSignal): Promise<number | null> {
  const { decoder } = await startDecoder({ ...job, filters: ['scale=16:16'], maxFrames: 1 }, signal);
  await decoder[Symbol.asyncDispose]();
  return decoder.log.describe().fps;
}
