import { startDecoder } from '../ffmpeg/decoder.js';
import type { DecodingJob, StampedPicture, StartedDecoder } from '../ffmpeg/decoder.js';
import type { OpenedVideo } from './sampled-video.js';
import type { SamplingOptions } from './sampling-options.js';
import { selectFilter } from './selection.js';
import { SourceNotes } from './source-notes.js';
import type { TimedPicture } from './steady-clock.js';

type Job = Omit<DecodingJob, 'filters' | 'maxFrames'>;

/**
 * Opens a video as the reference's loader does with OpenCV: it counts frames instead of reading their times
 * (so sample k is at k / fps, and the length is a whole number of frames) and ignores sample aspect ratios
 * and matrices other than BT.601. ffmpeg lacks its scaler, so pictures are decoded at full size.
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

/** A video's average rate. The filter needs it before the first frame, so that frame is decoded twice. */
async function probeFrameRate(job: Job, signal: AbortSignal): Promise<number | null> {
  const { decoder } = await startDecoder({ ...job, filters: ['scale=16:16'], maxFrames: 1 }, signal);
  await decoder[Symbol.asyncDispose]();
  return decoder.log.describe().fps;
}
