import { DuetError } from '../../errors.js';
import type { SamplingOptions } from './sampling-options.js';

/**
 * The filter that passes the pictures a sampler chooses from; see {@link SamplingOptions} for the rules.
 *
 * For `timestamps` and `grid` it passes each picture whose interval [k/F, (k+1)/F) differs from the previous
 * picture's. It looks back one picture only, because ffmpeg resets its filters when the picture size changes.
 * When intervals lie between the two, or time steps back, it prints the previous picture's time (see
 * `FrameStamp.previousTime`). `atTicks` decides what becomes a frame.
 *
 * @param frameRate the container's average rate; only `reference` uses it, which counts frames instead of
 * reading their times.
 * @param shift seconds to add to ffmpeg's times, see `FfmpegLog.startShift`.
 * @throws DuetError 'source_failed' when `reference` is used and the rate is unknown.
 */
export function selectFilter(
  { fps, sampler }: Pick<SamplingOptions, 'fps' | 'sampler'>,
  frameRate: number | null = null,
  shift = 0,
): string {
  if (sampler === 'reference') return referenceFilter(fps, frameRate);
  const interval = (time: string) => `floor((${time}+${shift + roundingGuard})*${fps})`;
  const step = `st(0,${interval('t')}-${interval('prev_t')})`;
  const verbose = 40;
  return `select='if(isnan(prev_t),1,if(${step},if(eq(ld(0),1),1,1+0*print(prev_t,${verbose})),0))'`;
}

function referenceFilter(fps: number, frameRate: number | null): string {
  if (frameRate === null) {
    throw new DuetError(
      'source_failed',
      'the video declares no frame rate, which the sampler "reference" needs; use "timestamps"',
    );
  }
  // Adds 1/rate per frame in floating point, as the reference does, including its rounding: ld(0) is the time
  // so far.
  return `select='gte(ld(0),selected_n/${fps})+0*st(0,ld(0)+1/${frameRate})'`;
}

/**
 * Seconds added to a time before it is compared with a tick: above the rounding of ffmpeg's doubles, below
 * every time base in use.
 */
export const roundingGuard = 1e-7;
