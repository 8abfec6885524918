import { DuetError } from '../../errors.js';
import type { PictureShape } from '../pictures/letterbox-size.js';

/** How a video is sampled, scaled and paced. */
export interface SamplingOptions extends PictureShape {
  /** Frames per second to sample. */
  readonly fps: number;
  readonly sampler: Sampler;
  /** Stop after this many frames. */
  readonly maxFrames?: number;
  /**
   * Media time in seconds at which a recording begins: earlier frames are decoded as fast as possible and
   * left out. Live streams begin where they are.
   */
  readonly from?: number;
  /** `fast`: as fast as it is read; `realtime`: no frame before its time on the wall clock. */
  readonly pacing: 'fast' | 'realtime';
}

/**
 * How ticks are chosen from the decoded frames, `F` being the sampling rate.
 *
 * - `timestamps`: the first frame of each interval [k/F, (k+1)/F), which is the first with t >= k/F; if a
 *   recording has none, the picture still showing at k/F, with that time (files; exact on variable frame
 *   rates).
 * - `grid`: the first frame of each interval; ticks missed in a gap are skipped (always used for live
 *   streams).
 * - `keyframes`: the same of the key frames only, which are decoded without the pictures between them: many
 *   times faster, and as far apart as the encoder put them, often 2 to 10 seconds (files; a live stream has
 *   them all).
 * - `reference`: MMDuet's loader, which assumes a constant frame rate and adds 1/rate in floating point
 *   (parity runs only).
 */
export const samplerNames = ['timestamps', 'grid', 'keyframes', 'reference'] as const;

/** One of {@link samplerNames}. */
export type Sampler = (typeof samplerNames)[number];

/**
 * The same with an optional sampler: by default `grid` for a live source and `timestamps` for a recording.
 */
export type RequestedSampling = Omit<SamplingOptions, 'sampler'> & {
  readonly sampler?: Sampler | undefined;
};

/** Pixels: both pictures together stay within what a decoder may give. */
const mostDetail = 2048;

/** Highest sampling rate; no video has more frames. */
const maxFps = 1000;

/**
 * Rejects options that make no sense.
 *
 * @throws DuetError 'invalid_request'
 */
export function requireSamplingOptions({
  fps,
  side,
  detail,
  maxFrames,
}: Pick<SamplingOptions, 'fps' | 'side' | 'detail' | 'maxFrames'>): void {
  if (!(fps > 0 && fps <= maxFps)) refuse('fps', fps, `a number above 0 and at most ${maxFps}`);
  if (!(Number.isInteger(side) && side >= 1 && side <= 4096))
    refuse('side', side, 'a whole number of pixels from 1 to 4096');
  if (detail !== undefined && !(Number.isInteger(detail) && detail >= side && detail <= mostDetail)) {
    refuse(
      'detail',
      detail,
      `a whole number of pixels from ${side}, the side of the square, to ${mostDetail}`,
    );
  }
  if (maxFrames !== undefined && !(Number.isInteger(maxFrames) && maxFrames >= 1)) {
    refuse('maxFrames', maxFrames, 'a whole number of at least 1');
  }
}

function refuse(name: string, value: number, expected: string): never {
  throw new DuetError('invalid_request', `sampling option ${name} is ${value}; it must be ${expected}`);
}
