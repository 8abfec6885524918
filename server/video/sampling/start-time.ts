import { stampTime } from '../ffmpeg/frame-stamp.js';
import type { FrameStamp } from '../ffmpeg/frame-stamp.js';
import type { FfmpegLog } from '../ffmpeg/log.js';

/**
 * Seconds to add to ffmpeg's times to get the clock that players show. Anything before its zero is sound that
 * decoders need to start up, which no player plays.
 */
export function playerShift(log: FfmpegLog, first: FrameStamp): number {
  const { startCorrection } = log;
  const shift = startCorrection + zeroShift(log);
  return stampTime(first, shift) < 0 ? startCorrection : shift;
}

/** A start this many seconds after zero is a codec's delay; players show such a picture at once. */
const codecDelay = 0.25;

/**
 * Seconds from ffmpeg's zero, the start of the container's first stream, to the players' zero. MP4 and
 * Matroska have a zero of their own, and what starts later is shown later; clocks of other containers start
 * anywhere.
 */
export function zeroShift({ containerStart, format }: FfmpegLog): number {
  const beginsLate = containerStart > codecDelay && /^(mov|matroska)\b/.test(format);
  return beginsLate ? containerStart : Math.min(0, containerStart);
}
