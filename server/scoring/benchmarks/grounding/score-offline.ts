import { spanOfAnswer } from '../../data/offline-text.js';
import type { OfflinePrediction } from '../../data/prediction.js';
import type { Mode } from '../../mode.js';
import type { GroundingAnnotation } from './grounding-annotations.js';
import { spanIoU } from './span-iou.js';

/**
 * IoU of a text answer with the first gold span; null where the text does not name exactly one span of two numbers.
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
