import type { ExampleRatings } from '../../benchmark.js';
import { spanHolds } from '../../data/span.js';
import { mean } from '../../statistics/mean.js';
import type { JudgedExample } from './judge-example.js';
import { lowestRating, type ScoreMatrix } from './score-matrix.js';

/**
 * The ratings of an example, for drawing them beside its replies and for telling one gold turn from another.
 */
export function ratingsOfExample(example: JudgedExample): ExampleRatings {
  return { replies: replyRatings(example), gold: goldRatings(example) };
}

/** A reply outside of all spans has none, as has one before the question. */
function replyRatings({ matrix, replies, matched, score }: JudgedExample): ExampleRatings['replies'] {
  const { answer } = matched.annotation;
  // Replies of a run stand in the order of time.
  const before = new Array<null>(score.turnsBeforeQuestion).fill(null);
  const ratings = replies.map(({ time }, column) => {
    const rated = answer.flatMap(({ span }, row) =>
      spanHolds(span, time) ? ratingAt(matrix, row, column) : [],
    );
    return rated.length === 0 ? null : Math.max(...rated);
  });
  return [...before, ...ratings];
}

function goldRatings({ matrix, replies, matched }: JudgedExample): ExampleRatings['gold'] {
  return matched.annotation.answer.map(({ span }, row) => {
    const rated = replies.flatMap(({ time }, column) =>
      spanHolds(span, time) ? ratingAt(matrix, row, column) : [],
    );
    return rated.length === 0 ? null : mean(rated);
  });
}

/** Nothing for a case the judge did not accept. */
function ratingAt(matrix: ScoreMatrix, row: number, column: number): readonly number[] {
  const rating = matrix[row]?.[column];
  return rating === null ? [] : [rating ?? lowestRating];
}
