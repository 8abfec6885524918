import { DuetError } from '../errors.js';
import type { RequestedSampling, SamplingOptions } from './stream.js';

/** Seconds added before a time is compared with a tick: above the rounding of ffmpeg's doubles, below every time base in use. */
const roundingGuard = 1e-7;

/** Samples per second beyond which no video has frames. */
const maxFps = 1000;

/**
 * Refuses options that cannot mean anything.
 *
 * @throws DuetError 'invalid_request'
 */
export function requireSamplingOptions(options: RequestedSampling): void {
  const { fps, side, maxFrames } = options;
  if (!(fps > 0 && fps <= maxFps)) refuse('fps', fps, `a number above 0 and at most ${maxFps}`);
  if (!(Number.isInteger(side) && side >= 1 && side <= 4096))
    refuse('side', side, 'a whole number of pixels from 1 to 4096');
  if (maxFrames !== undefined && !(Number.isInteger(maxFrames) && maxFrames >= 1)) {
    refuse('maxFrames', maxFrames, 'a whole number of at least 1');
  }
}

function refuse(name: string, value: number, expected: string): never {
  throw new DuetError('invalid_request', `sampling option ${name} is ${value}; it must be ${expected}`);
}

/**
 * The filter that lets through the frames a sampler chooses; see {@link SamplingOptions} for the rules. Tick times are k/F, from the index.
 *
 * @param frameRate the container's average rate, used by `reference` alone, which counts frames instead of reading their times.
 * @throws DuetError 'source_failed' when `reference` is asked for and the rate is not known.
 */
export function selectFilter(
  options: Pick<SamplingOptions, 'fps' | 'sampler'>,
  frameRate: number | null = null,
): string {
  const { fps, sampler } = options;
  const time = `(t-start_t+${roundingGuard})`;
  switch (sampler) {
    case 'timestamps':
      return `select='gte(${time},selected_n/${fps})'`;
    case 'grid':
      return `select='isnan(prev_selected_t)+gt(floor(${time}*${fps}),floor((prev_selected_t-start_t+${roundingGuard})*${fps}))'`;
    case 'reference': {
      if (frameRate === null) {
        throw new DuetError(
          'source_failed',
          'the video declares no frame rate, which the sampler "reference" needs; use "timestamps"',
        );
      }
      // Adds 1/rate once a frame in floating point, as the reference does, with its rounding: ld(0) is the time so far.
      return `select='gte(ld(0),selected_n/${fps})+0*st(0,ld(0)+1/${frameRate})'`;
    }
    default:
      return sampler satisfies never;
  }
}
