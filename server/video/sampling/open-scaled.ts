import { startDecoder } from '../ffmpeg/decoder.js';
import type { DecodingJob, StampedPicture, StartedDecoder } from '../ffmpeg/decoder.js';
import { stampTime } from '../ffmpeg/log.js';
import { atTicks, longestHold, tickAt } from './held-pictures.js';
import { picturePlan, plainTraits, playerShift, sameTraits, traitsOf } from '../pictures/picture-plan.js';
import type { PicturePlan } from '../pictures/picture-plan.js';
import { SourceNotes } from './source-notes.js';
import { StandingPictures } from './standing-pictures.js';
import { onSteadyClock } from './steady-clock.js';
import type { TimedPicture } from './steady-clock.js';
import type { SamplingOptions } from '../stream.js';

/** A video whose first picture is there, and how its pictures become frames. */
export interface OpenedVideo extends StartedDecoder {
  readonly notes: SourceNotes;
  /** The pictures that become frames, at their times; to be read once. */
  readonly timed: AsyncIterable<TimedPicture>;
  /** Length in seconds; default the container's. */
  readonly duration?: number;
}

type Job = Omit<DecodingJob, 'filters' | 'maxFrames'>;

/**
 * Starts of a decoder until its plan fits the video: a second may show more, such as the fields of what is
 * now decoded otherwise.
 */
const maxStarts = 3;

/**
 * Opens a video for the samplers that go by its times and let ffmpeg scale.
 *
 * @throws DuetError as {@link startDecoder} does.
 */
export async function openScaled(
  job: Job,
  options: SamplingOptions,
  signal: AbortSignal,
): Promise<OpenedVideo> {
  const { started, plan } = await startAsPlanned(job, options, signal);
  const notes = new SourceNotes(plan.shortcomings);
  const { fps, sampler } = options;
  const { live } = job.input;
  const { decoder, first } = started;
  const interval = Math.min(1 / fps, 1 / (decoder.log.describe().fps ?? Infinity));
  const shift = live ? liveShift(first, fps) : playerShift(decoder.log, first.stamp);
  const steady = onSteadyClock(picturesOf(started), { shift, interval, live }, notes);
  const hold = new StandingPictures({ job, plan, decoder, fps, notes, signal });
  const timed = atTicks(steady, { fps, ...(sampler === 'timestamps' && !live && { hold }) }, notes);
  return { ...started, notes, timed };
}

/**
 * Opens the video as if it were like most: asking each one beforehand would cost all of them a start of
 * ffmpeg.
 */
async function startAsPlanned(
  job: Job,
  options: SamplingOptions,
  signal: AbortSignal,
): Promise<{ started: StartedDecoder; plan: PicturePlan }> {
  let traits = plainTraits;
  for (let starts = 1; ; starts += 1) {
    const plan = await picturePlan(traits, options, job.ffmpeg);
    const inputOptions = [...(job.input.live ? [] : gapOptions), ...plan.options];
    const started = await startDecoder({ ...job, inputOptions, filters: plan.filters }, signal);
    const seen = traitsOf(started, traits, options.fps, job.input.live);
    if (sameTraits(seen, traits) || starts === maxStarts) return { started, plan };
    await started.decoder[Symbol.asyncDispose]();
    traits = seen;
  }
}

/** In MPEG streams ffmpeg takes a gap of 10 seconds for a new clock, and closes it. */
const gapOptions = ['-dts_delta_threshold', String(longestHold)];

/**
 * Live time counts from about the first picture, whatever the sender's clock says: whole intervals, so that
 * the choice of pictures is ffmpeg's.
 */
function liveShift({ stamp }: StampedPicture, fps: number): number {
  const time = stampTime(stamp);
  return Number.isNaN(time) ? 0 : -tickAt(time, fps) / fps;
}

async function* picturesOf({ decoder, first }: StartedDecoder): AsyncGenerator<StampedPicture> {
  for (let next: StampedPicture | undefined = first; next !== undefined; next = await decoder.next()) {
    yield next;
  }
}
