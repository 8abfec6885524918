import type { DecodingJob } from '../ffmpeg/decoder.js';
import { HeldPictures } from '../pictures/held-pictures.js';
import { fittedSize, type PictureShape } from '../pictures/letterbox-size.js';
import { letterbox } from '../pictures/letterbox.js';
import { takeApart } from '../pictures/take-apart.js';
import type { Picture } from '../frame.js';
import type { FrameStream } from '../stream.js';
import { systemTime } from '../time.js';
import type { Time } from '../time.js';
import { openReference } from './open-reference.js';
import { openTimed } from './open-timed.js';
import { SampledVideo, type OpenedVideo, type SampledVideoParts } from './sampled-video.js';
import type { RequestedSampling } from './sampling-options.js';

/**
 * Starts decoding an input and resolves when its first frame is ready. The stream then owns the input.
 *
 * @throws DuetError when it cannot be decoded, or 'cancelled'; the caller then still owns the input.
 */
export async function sampleVideo(
  { sampler, time = systemTime, ...job }: SampledJob,
  signal: AbortSignal,
): Promise<FrameStream> {
  const { name, input, fps, side, maxFrames, from, pacing } = job;
  const sampling = { ...job, sampler: sampler ?? (input.live ? 'grid' : 'timestamps') };
  const decoding = {
    ...{ ffmpeg: job.ffmpeg, name, input, readAheadBytes: readAhead(job) },
    patienceMs: job.patienceMs ?? defaultPatience(input, fps),
  };
  const reference = sampling.sampler === 'reference';
  const opened = await (reference ? openReference : openTimed)(decoding, sampling, signal, time);
  return new SampledVideo({
    ...opened,
    ...{ name, input, maxFrames, from, pacing, time, signal },
    shape: reference
      ? (picture) => ({ picture: letterbox(picture, side, fittedSize(picture.width, picture.height, job)) })
      : shaped(opened, side),
  });
}

/** What is sampled, and how. */
interface SampledJob extends RequestedSampling, Pick<DecodingJob, 'ffmpeg' | 'name' | 'input'> {
  /** Default: as long as pictures of such an input may take. */
  readonly patienceMs?: DecodingJob['patienceMs'];
  /** Default: this machine's. */
  readonly time?: Time;
}

/**
 * A sampled picture may need everything before it decoded; however rarely pictures are sampled, ten minutes
 * are enough. A live input is given up sooner: connecting again brings its pictures back.
 */
function defaultPatience(
  { input, live, quietSeconds = 5 }: DecodingJob['input'],
  fps: number,
): DecodingJob['patienceMs'] {
  const first = input.startsWith('file:') ? 120_000 : 30_000;
  if (live) return { first, later: 3000 * quietSeconds + 2000 / fps };
  return { first, later: Math.min(600_000, first + 10_000 / fps) };
}

/** Two more pictures are decoded while the reader works on one. */
function readAhead({ side, detail }: PictureShape): number {
  return 2 * 3 * (detail === undefined ? side * side : detail * (detail + side));
}

/**
 * Frames from pictures that ffmpeg has scaled; at most every {@link detailInterval} one has its larger
 * picture.
 */
function shaped({ decoder, within }: OpenedVideo, side: number): SampledVideoParts['shape'] {
  if (within == null) return (picture) => ({ picture });
  let last = -Infinity;
  const held = new HeldPictures<Picture>();
  return (both, videoTime) => {
    const shown = decoder.log.shownSize ?? decoder.log.describe();
    const { picture, detail } = takeApart(both, { side, within, shown });
    if (Math.abs(videoTime - last) < detailInterval) return { picture };
    last = videoTime;
    const larger = detail();
    const heldStill = held.hold(larger, larger.rgb.length);
    return { picture, detail: () => Promise.resolve(heldStill()) };
  };
}

/** Seconds; a larger picture takes megabytes, and many frames may wait. */
const detailInterval = 0.45;
