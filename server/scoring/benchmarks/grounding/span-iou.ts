import { spanOfAnswer } from '../../data/offline-text.js';
import type { OfflinePrediction } from '../../data/prediction.js';
import type { Span } from '../../data/span.js';
import type { Mode } from '../../mode.js';
import type { GroundingAnnotation } from './grounding-annotations.js';

/**
 * Intersection over union of two spans. `compat` counts both ends as if they were frames (+1) and takes the
 * hull for the union, so that spans up to a second apart still overlap; `strict` measures seconds, and a
 * reversed prediction overlaps nothing.
 */
export function spanIoU(first: Span, second: Span, mode: Mode): number {
  const inclusive = mode === 'compat' ? 1 : 0;
  const overlap = Math.min(first[1], second[1]) - Math.max(first[0], second[0]) + inclusive;
  const intersection = Math.max(0, overlap);
  const union =
    mode === 'compat'
      ? Math.max(first[1], second[1]) - Math.min(first[0], second[0]) + inclusive
      : length(first) + length(second) - intersection;
  return union === 0 ? 0 : intersection / union;
}

function length(span: Span): number {
  return Math.max(0, span[1] - span[0]);
}

/**
 * IoU of a text answer with the first gold span; null where the text does not name exactly one span of two
 * numbers.
 */
export function offlineIoU(
  prediction: OfflinePrediction,
  annotation: GroundingAnnotation,
  mode: Mode,
): number | null {
  const span = spanOfAnswer(prediction.text, prediction.videoDuration);
  const [gold] = annotation.spans;
  if (span === null || gold === undefined) return null;
  return spanIoU(span, gold, mode);
}
