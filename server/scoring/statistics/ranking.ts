/** Positions from the highest score down, and where runs of equal scores end in that order (exclusive). */
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
