import { stampTime } from '../ffmpeg/frame-stamp.js';
import type { FrameStamp } from '../ffmpeg/frame-stamp.js';
import type { FfmpegLog } from '../ffmpeg/log.js';

/**
 * Seconds to add to ffmpeg's times for the clock that players show. What begins before its zero is what
 * decoders of sound need to swing in, which no player plays.
 */
export function playerShift(log: FfmpegLog, first: FrameStamp): number {
  const { startCorrection } = log;
  const shift = startCorrection + zeroShift(log);
  return stampTime(first, shift) < 0 ? startCorrection : shift;
}

/** Seconds of a start after zero that are a codec's delay; a player shows such a picture at once. */
const codecDelay = 0.25;

/**
 * Seconds from ffmpeg's zero, which is where the first stream of the container begins, to that of players.
 * MP4 and Matroska count from a zero of their own, and what begins later there is shown later; the clocks of
 * other containers begin anywhere.
 */
export function zeroShift({ containerStart, format }: FfmpegLog): number {
  const beginsLate = containerStart > codecDelay && /^(mov|matroska)\b/.test(format);
  return beginsLate ? containerStart : Math.min(0, containerStart);
}
