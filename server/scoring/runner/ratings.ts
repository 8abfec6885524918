import { questionKey } from '../data/question-id.js';
import { spanHolds } from '../data/span.js';
import { mean } from '../statistics/mean.js';
import type { JudgedExample } from '../benchmarks/magqa/judge-example.js';
import { lowestRating, type ScoreMatrix } from '../benchmarks/magqa/score-matrix.js';

/**
 * The best rating each reply got from a gold turn within whose span it lies; null for a reply outside of all
 * spans, as is one before the question.
 */
export type ReplyRatings = readonly (number | null)[];

/**
 * The mean rating of the replies within each gold turn's span, in the order of the turns; null for a turn
 * without any.
 */
export type GoldRatings = readonly (number | null)[];

/**
 * Ratings of one scoring by example, for drawing them beside the replies, and for telling one gold turn from
 * another.
 */
export class Ratings {
  readonly #byExample = new Map<string, { readonly replies: ReplyRatings; readonly gold: GoldRatings }>();

  add(example: JudgedExample): void {
    const key = questionKey(example.score.questionId, 'strict');
    this.#byExample.set(key, { replies: replyRatings(example), gold: goldRatings(example) });
  }

  /** Null for an example nobody rated. */
  of(id: string): ReplyRatings | null {
    return this.#byExample.get(id)?.replies ?? null;
  }

  /** The same of its gold turns. */
  ofGold(id: string): GoldRatings | null {
    return this.#byExample.get(id)?.gold ?? null;
  }
}

function replyRatings({ matrix, replies, matched, score }: JudgedExample): ReplyRatings {
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

function goldRatings({ matrix, replies, matched }: JudgedExample): GoldRatings {
  return matched.annotation.answer.map(({ span }, row) => {
    const rated = replies.flatMap(({ time }, column) =>
      spanHolds(span, time) ? ratingAt(matrix, row, column) : [],
    );
    return rated.length === 0 ? null : mean(rated);
  });
}

/** Nothing for a case that the judge did not take. */
function ratingAt(matrix: ScoreMatrix, row: number, column: number): readonly number[] {
  const rating = matrix[row]?.[column];
  return rating === null ? [] : [rating ?? lowestRating];
}
