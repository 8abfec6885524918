import { mean } from '../../statistics/mean.js';
import { rankScores, type Ranking } from '../../statistics/ranking.js';
import { precisionRecall, type PrecisionRecall } from './precision-recall.js';

/**
 * Average precision as the highlight benchmark defines it: over the distinct scores as thresholds, the precision is
 * raised to its running maximum from the lowest threshold on, and averaged over the points at which recall changes
 * (compared in single precision). Tied positives are one point. 0 where no label is true, 1 where all are.
 */
export function averagePrecision(labels: readonly boolean[], ranking: Ranking): number {
  return trivial(labels) ?? meanAtChanges(interpolate(precisionRecall(labels, ranking)));
}

/** The same without the running maximum. */
export function plainAveragePrecision(labels: readonly boolean[], scores: readonly number[]): number {
  return trivial(labels) ?? meanAtChanges(precisionRecall(labels, rankScores(scores)));
}

/** The mean of the precision at the eleven recalls 0, 0.1 .. 1: at each, of the highest threshold that reaches it. */
export function elevenPointPrecision(labels: readonly boolean[], scores: readonly number[]): number {
  const known = trivial(labels);
  if (known !== null) return known;
  const { precision, recall } = interpolate(precisionRecall(labels, rankScores(scores)));
  const points = Array.from({ length: 11 }, (_, tenth) => {
    const last = recall.findLastIndex((value) => value >= tenth / 10);
    return precision[last] ?? 0;
  });
  return mean(points);
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
