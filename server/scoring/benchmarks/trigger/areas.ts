import { rankScores } from '../../statistics/ranking.js';

/** How well scores part the frames at which to speak from the others, at all thresholds at once. */
export interface Areas {
  /** Null without frames of both kinds. */
  readonly rocAuc: number | null;
  /** Null without frames at which to speak. */
  readonly prAuc: number | null;
}

/** Frames with their speaking scores, and whether something should have been said at them. */
export interface LabelledScores {
  readonly scores: readonly number[];
  readonly labels: readonly boolean[];
}

/**
 * The areas under the ROC curve and under the precision-recall curve, each 0..1. The first is the chance that
 * a frame at which to speak scores higher than another, ties counted half (Hanley and McNeil 1982). The
 * second is average precision: the precision at every distinct score, weighted by the recall gained there,
 * without interpolation, as `average_precision_score` of scikit-learn has it.
 */
export function areasOf({ scores, labels }: LabelledScores): Areas {
  const nPositive = labels.filter(Boolean).length;
  const nNegative = labels.length - nPositive;
  const { order, runEnds } = rankScores(scores);
  let [rank, found, pairs, precisions] = [0, 0, 0, 0];
  for (const end of runEnds) {
    const [before, size] = [found, end - rank];
    for (; rank < end; rank += 1) if (labels[order[rank] ?? -1] === true) found += 1;
    const gained = found - before;
    pairs += (size - gained) * (before + gained / 2);
    precisions += gained * (found / end);
  }
  return {
    rocAuc: nPositive === 0 || nNegative === 0 ? null : pairs / (nPositive * nNegative),
    prAuc: nPositive === 0 ? null : precisions / nPositive,
  };
}
