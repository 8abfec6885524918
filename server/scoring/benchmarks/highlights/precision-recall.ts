import type { Ranking } from '../../statistics/ranking.js';

/** Points of a precision-recall curve, from the lowest score threshold to the end point (1, 0). */
export interface PrecisionRecall {
  readonly precision: readonly number[];
  readonly recall: readonly number[];
}

/**
 * Precision and recall at every distinct score as a threshold (score >= threshold), thresholds ascending, then
 * the end point. Needs at least one positive label.
 */
export function precisionRecall(labels: readonly boolean[], { order, runEnds }: Ranking): PrecisionRecall {
  const precision = [1];
  const recall = [0];
  const positives = labels.filter(Boolean).length;
  let found = 0;
  let rank = 0;
  for (const end of runEnds) {
    for (; rank < end; rank += 1) if (labels[order[rank] ?? -1] === true) found += 1;
    precision.push(found / end);
    recall.push(found / positives);
  }
  return { precision: precision.reverse(), recall: recall.reverse() };
}
