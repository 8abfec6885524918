import { mean } from '../../statistics/mean.js';
import type { Ranking } from '../../statistics/ranking.js';

/**
 * Average precision as the highlight benchmark defines it: over the distinct scores as thresholds, the
 * precision is raised to its running maximum from the lowest threshold on, and averaged over the points at
 * which recall changes (compared in single precision). Tied positives are one point. 0 where no label is
 * true, 1 where all are.
 */
export function averagePrecision(labels: readonly boolean[], ranking: Ranking): number {
  return trivial(labels) ?? meanAtChanges(interpolate(precisionRecall(labels, ranking)));
}

function trivial(labels: readonly boolean[]): number | null {
  if (!labels.includes(true)) return 0;
  return labels.includes(false) ? null : 1;
}

function interpolate({ precision, recall }: PrecisionRecall): PrecisionRecall {
  let best = 0;
  return { recall, precision: precision.map((value) => (best = Math.max(best, value))) };
}

function meanAtChanges({ precision, recall }: PrecisionRecall): number {
  const points = precision.filter((_, index) => {
    const next = recall[index + 1];
    return next !== undefined && Math.fround(recall[index] ?? 0) !== Math.fround(next);
  });
  return mean(points);
}

/** Points of a precision-recall curve, from the lowest score threshold to the end point (1, 0). */
interface PrecisionRecall {
  readonly precision: readonly number[];
  readonly recall: readonly number[];
}

/**
 * Precision and recall at every distinct score as a threshold (score >= threshold), thresholds ascending,
 * then the end point. Needs at least one positive label.
 */
function precisionRecall(labels: readonly boolean[], { order, runEnds }: Ranking): PrecisionRecall {
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
