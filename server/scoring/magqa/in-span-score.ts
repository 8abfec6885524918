import type { GoldTurn } from '../files/qa-annotations.js';
import { spanHolds } from '../files/span.js';
import { mean } from '../statistics/mean.js';
import { lowestRating, type MatrixReply } from './score-matrix.js';
import { noTime } from './timed-reply.js';

/**
 * The in-span score of one example, 1..5: per gold turn the mean rating of the replies within its span (1 where there
 * is none), averaged over the gold turns. With `allMatch` a reply without a time counts within every span. Null for an
 * example without gold turns.
 */
export function inSpanScore(
  matrix: readonly (readonly number[])[],
  gold: readonly GoldTurn[],
  replies: readonly MatrixReply[],
  allMatch: boolean,
): number | null {
  if (gold.length === 0) return null;
  const perTurn = gold.map((turn, row) => {
    const within = replies.flatMap(({ time }, column) => {
      const counts = spanHolds(turn.span, time) || (allMatch && time === noTime);
      return counts ? [matrix[row]?.[column] ?? lowestRating] : [];
    });
    return within.length === 0 ? lowestRating : mean(within);
  });
  return mean(perTurn);
}

/** Mean over the gold turns of their best rating, whenever it was said, 1 in silence; NaN without gold turns. */
export function bestScore(matrix: readonly (readonly number[])[]): number {
  return mean(matrix.map((row) => (row.length === 0 ? lowestRating : Math.max(...row))));
}
