import { DuetError } from '../../../errors.js';
import { spanOfAnswer } from '../../data/offline-text.js';
import type { PredictedFrame, OfflinePrediction } from '../../data/prediction.js';
import type { Mode, Protocol } from '../../mode.js';
import { smoothCentred, smoothTrailing } from '../../statistics/smooth.js';

/** Length of a highlight clip in seconds. */
export const clipSeconds = 2;

const smoothBy = { offline: smoothCentred, live: smoothTrailing } as const;

/** A day of video; a time beyond it is a fault of the file, and would fill the memory with empty clips. */
export const mostClips = 86_400 / clipSeconds;

/**
 * Scores of the two-second clips of a video: the sum of the smoothed relevance of the frames in each. A frame
 * without a relevance score counts as 0. `offline` smooths over earlier and later frames, `live` over earlier
 * ones only. `strict` puts a frame at t into clip floor(t / 2). `compat` takes the same number of frames for
 * every clip, judged by the first two frames, so that the clips drift where that number is not whole; it
 * throws for fewer than two frames and for frames more than two seconds apart.
 */
export function clipScores(
  frames: readonly PredictedFrame[],
  window: number,
  mode: Mode,
  protocol: Protocol = 'offline',
): number[] {
  const smoothed = smoothBy[protocol](
    frames.map((frame) => frame.relevance ?? 0),
    window,
  );
  return mode === 'compat' ? sumInGroups(smoothed, framesPerClip(frames)) : sumByTime(frames, smoothed);
}

function framesPerClip(frames: readonly PredictedFrame[]): number {
  const [first, second] = frames;
  const perClip = first && second ? Math.trunc(clipSeconds / (second.time - first.time)) : 0;
  if (perClip >= 1 && Number.isFinite(perClip)) return perClip;
  throw new DuetError(
    'invalid_request',
    'compat mode needs at least two frames, the second at most 2 s after the first; use strict',
  );
}

function sumInGroups(values: Float64Array, size: number): number[] {
  const clips = new Array<number>(Math.ceil(values.length / size)).fill(0);
  for (const [index, value] of values.entries()) {
    const clip = Math.floor(index / size);
    clips[clip] = (clips[clip] ?? 0) + value;
  }
  return clips;
}

function sumByTime(frames: readonly PredictedFrame[], values: Float64Array): number[] {
  const clips: number[] = [];
  for (const [index, { time }] of frames.entries()) {
    const clip = Math.max(0, Math.floor(time / clipSeconds));
    if (clip > mostClips)
      throw new DuetError('invalid_request', `a frame lies at ${time} s; expected a day or less`);
    while (clips.length <= clip) clips.push(0);
    clips[clip] = (clips[clip] ?? 0) + (values[index] ?? 0);
  }
  return clips;
}

/**
 * Clip scores of a text answer that names a span: 1 for the clips that start strictly within it, else 0, over
 * the whole video. Null where the text does not have exactly two numbers.
 */
export function offlineClipScores(prediction: OfflinePrediction): number[] | null {
  const duration = prediction.videoDuration;
  const span = spanOfAnswer(prediction.text, duration);
  if (span === null) return null;
  const clipCount = Math.min(mostClips, Math.ceil(Math.trunc(duration) / clipSeconds));
  return Array.from({ length: clipCount }, (_, clip) => {
    const start = clip * clipSeconds;
    return span[0] < start && start < span[1] ? 1 : 0;
  });
}
