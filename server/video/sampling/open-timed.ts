import { isDeepStrictEqual } from 'node:util';
import { startDecoder } from '../ffmpeg/decoder.js';
import type { DecodingJob, StampedPicture, StartedDecoder } from '../ffmpeg/decoder.js';
import { stampTime } from '../ffmpeg/frame-stamp.js';
import type { FfmpegLog } from '../ffmpeg/log.js';
import { sizeWithin, type PictureShape, type Size } from '../pictures/letterbox-size.js';
import { pictureFilters } from '../pictures/picture-filters.js';
import type { PictureFilters } from '../pictures/picture-filters.js';
import { plainTraits, sameTraits, traitsOf } from '../pictures/picture-traits.js';
import type { Time } from '../time.js';
import { GapPictures } from './gap-pictures.js';
import type { OpenedVideo } from './sampled-video.js';
import type { SamplingOptions } from './sampling-options.js';
import { selectFilter } from './selection.js';
import { SourceNotes } from './source-notes.js';
import { playerShift } from './start-time.js';
import { onSteadyClock } from './steady-clock.js';
import { atTicks, longestHold, tickAt } from './ticks.js';

type Job = Omit<DecodingJob, 'filters' | 'maxFrames'>;

/**
 * Opens a video for the samplers that go by timestamps and let ffmpeg scale.
 *
 * @throws DuetError as {@link startDecoder} does.
 */
export async function openTimed(
  job: Job,
  options: SamplingOptions,
  signal: AbortSignal,
  time: Time,
): Promise<OpenedVideo> {
  const { started, look, within } = await startFitted(job, options, signal);
  const notes = new SourceNotes(look.shortcomings);
  const { fps, sampler } = options;
  const { live } = job.input;
  const { decoder, first } = started;
  const interval = Math.min(1 / fps, 1 / (decoder.log.describe().fps ?? Infinity));
  const shift = live ? liveShift(first, fps) : playerShift(decoder.log, first.stamp);
  const steady = onSteadyClock(picturesOf(started), { shift, interval, live, now: () => time.now() }, notes);
  const hold = new GapPictures({ job, look, decoder, fps, notes, signal });
  const timed = atTicks(steady, { fps, ...(sampler === 'timestamps' && !live && { hold }) }, notes);
  return { ...started, notes, timed, within };
}

/**
 * How often a decoder is started until it fits the video: the second start may reveal more, such as fields in
 * pictures that are now decoded differently.
 */
const maxStarts = 3;

/**
 * First opens the video with the traits of most videos: probing each one would cost an extra ffmpeg start.
 */
async function startFitted(
  job: Job,
  options: SamplingOptions,
  signal: AbortSignal,
): Promise<{ started: StartedDecoder; look: PictureFilters; within: Size | null }> {
  const { live } = job.input;
  let traits = plainTraits;
  let phase = 0;
  let within = likelyDetail(options, live);
  for (let starts = 1; ; starts += 1) {
    const look = await pictureFilters(traits, options, job.ffmpeg, within);
    const rarely = options.sampler === 'keyframes' && !live ? onlyKeyFrames : [];
    const inputOptions = [...gapOptions, ...rarely, ...look.options];
    // Deinterlacing also uses the neighbouring pictures, so it comes before sampling.
    const filters = [...look.fields, selectFilter(options, null, phase), ...look.letterbox];
    const started = await startDecoder({ ...job, inputOptions, filters }, signal);
    const seen = traitsOf(started, traits);
    // A live stream's clock is shifted so that ffmpeg's choice is right.
    const seenPhase = live ? 0 : phaseOf(playerShift(started.decoder.log, started.first.stamp), options.fps);
    const seenWithin = live ? within : exactDetail(options, started.decoder.log);
    const fits = sameTraits(seen, traits) && seenPhase === phase && isDeepStrictEqual(seenWithin, within);
    if (fits || starts === maxStarts) return { started, look, within };
    await started.decoder[Symbol.asyncDispose]();
    traits = seen;
    phase = seenPhase;
    within = seenWithin;
  }
}

/**
 * The room for the larger picture before the video's shape is known: that of most videos, which takes half as
 * many bytes as a square. A live source is not opened twice for it.
 */
function likelyDetail({ detail }: PictureShape, live: boolean): Size | null {
  if (detail === undefined) return null;
  return { width: detail, height: live ? detail : Math.trunc((detail * 9) / 16) };
}

function exactDetail({ detail }: PictureShape, log: FfmpegLog): Size | null {
  if (detail === undefined) return null;
  return sizeWithin(log.shownSize ?? log.describe(), { width: detail, height: detail });
}

/** In MPEG streams ffmpeg takes a gap of 10 seconds for a new clock and closes it. */
const gapOptions = ['-dts_delta_threshold', String(longestHold)];

/** Decodes nothing between key frames. */
const onlyKeyFrames = ['-skip_frame', 'nokey'];

/** A picture this many seconds before its tick is accepted; restarting ffmpeg would cost more. */
const phaseTolerance = 0.01;

/** Seconds to add to ffmpeg's times for sampling; whole intervals change nothing. */
function phaseOf(shift: number, fps: number): number {
  const distance = Math.abs(shift - Math.round(shift * fps) / fps);
  return distance < phaseTolerance ? 0 : shift;
}

/**
 * Live time counts from about the first picture, whatever the sender's clock says, in whole intervals, so
 * that ffmpeg's sampling stays valid.
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
