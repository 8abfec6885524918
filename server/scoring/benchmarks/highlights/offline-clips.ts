import { spanOfAnswer } from '../../data/offline-text.js';
import type { OfflinePrediction } from '../../data/prediction.js';
import { clipSeconds, mostClips } from './clip-scores.js';

/**
 * Clip scores of a text answer that names a span: 1 for the clips that start strictly within it, else 0, over the
 * whole video. Null where the text does not have exactly two numbers.
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
