import { startDecoder } from '../ffmpeg/decoder.js';
import type { DecodingJob, StampedPicture, StartedDecoder } from '../ffmpeg/decoder.js';
import type { OpenedVideo } from './sampled-video.js';
import type { SamplingOptions } from './sampling-options.js';
import { selectFilter } from './selection.js';
import { SourceNotes } from './source-notes.js';
import type { TimedPicture } from './steady-clock.js';

type Job = Omit<DecodingJob, 'filters' | 'maxFrames'>;

/**
 * Opens a video as the reference's loader reads it, with OpenCV: it counts frames instead of reading their
 * times (so sample k stands at k / fps, and the length is a whole number of frames), knows neither sample
 * aspect ratios nor matrices other than BT.601, and scales with a scaler that ffmpeg has not, so the pictures
 * come in full size.
 *
 * @throws DuetError as {@link startDecoder} does, and 'source_failed' for a video without a frame rate.
 */
export async function openReference(
  job: Job,
  options: SamplingOptions,
  signal: AbortSignal,
): Promise<OpenedVideo> {
  const frameRate = await probeFrameRate(job, signal);
  const filters = [selectFilter(options, frameRate), 'scale=in_color_matrix=bt601:flags=bicubic'];
  const started = await startDecoder({ ...job, maxFrames: options.maxFrames, filters }, signal);
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
