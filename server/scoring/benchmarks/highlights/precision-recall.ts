/** Points of a precision-recall curve, from the lowest score threshold to the end point (1, 0). */
export interface PrecisionRecall {
  readonly precision: readonly number[];
  readonly recall: readonly number[];
}

/** Positions ordered from the highest score down, and where runs of equal scores end in that order (exclusive). */
export interface Ranking {
  readonly order: readonly number[];
  readonly runEnds: readonly number[];
}

/** Ranks scores once, so that several label vectors can be set against the same order. */
export function rankScores(scores: readonly number[]): Ranking {
  const order = scores.map((_, index) => index).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
  const runEnds = order.flatMap((position, rank) => {
    const next = order[rank + 1];
    return next !== undefined && scores[next] === scores[position] ? [] : [rank + 1];
  });
  return { order, runEnds };
}

/**
 * Precision and recall at every distinct score as a threshold (score >= threshold), thresholds ascending, then the end
 * point. Needs at least one positive label.
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
