import type { GoldTurn } from '../../data/qa-annotations.js';
import type { QuestionId } from '../../data/question-id.js';
import type { ReplyTiming } from '../../data/reply-timing.js';
import { spanHolds } from '../../data/span.js';
import type { Tags } from '../../data/annotations.js';
import { mean } from '../../statistics/mean.js';
import { lowestRating, type MatrixReply, type ScoreMatrix } from './score-matrix.js';
import { noTime } from './timed-reply.js';

/**
 * The in-span score of one example, 1..5: per gold turn the mean rating of the replies within its span (1
 * where there is none), averaged over the gold turns. With `allMatch` a reply without a time counts within
 * every span. Null for an example without gold turns. Replies the judge did not accept are left out, as are
 * gold turns and examples that have no others; the result is then null.
 */
export function inSpanScore(
  matrix: ScoreMatrix,
  gold: readonly GoldTurn[],
  replies: readonly MatrixReply[],
  allMatch: boolean,
): number | null {
  if (gold.length === 0) return null;
  const perTurn = gold.flatMap((turn, row) => {
    const within = replies.flatMap(({ time }, column) => {
      const counts = spanHolds(turn.span, time) || (allMatch && time === noTime);
      return counts ? [ratingAt(matrix, row, column)] : [];
    });
    const rated = within.filter((rating) => rating !== null);
    if (within.length > 0 && rated.length === 0) return [];
    return [within.length === 0 ? lowestRating : mean(rated)];
  });
  return perTurn.length === 0 ? null : mean(perTurn);
}

function ratingAt(matrix: ScoreMatrix, row: number, column: number): number | null {
  const rating = matrix[row]?.[column];
  return rating === undefined ? lowestRating : rating;
}

/** Mean over the gold turns of their best rating, at any time, 1 for silence; NaN without gold turns. */
export function bestScore(matrix: ScoreMatrix): number {
  const bests = matrix.flatMap((row) => {
    const rated = row.filter((rating) => rating !== null);
    if (row.length > 0 && rated.length === 0) return [];
    return [row.length === 0 ? lowestRating : Math.max(...rated)];
  });
  return mean(bests);
}

/** What one prediction line scored. */
export interface ExampleScore {
  readonly questionId: QuestionId;
  /** 1..5; null for a question without gold turns, and for an example that is left out. */
  readonly inSpan: number | null;
  /** Whether the judge accepted none of the replies the score depends on. */
  readonly isLeftOut: boolean;
  /** The same with every reply at the time a viewer had it; null where no reply says when that was. */
  readonly inSpanAtDelivery: number | null;
  /** Mean over gold turns of the best rating; NaN without gold turns. */
  readonly best: number;
  readonly turns: number;
  /** Replies that came before the question and count nowhere; 0 in `compat`, which counts them as turns. */
  readonly turnsBeforeQuestion: number;
  /** Number of distinct replies, compared exactly. */
  readonly turnsDedup: number;
  /** Of the replies that have a time. */
  readonly timing: ReplyTiming;
  readonly tags: Tags;
}
