import { questionKey } from '../files/question-id.js';
import { spanHolds } from '../files/span.js';
import type { JudgedExample } from '../magqa/judge-example.js';
import { lowestRating } from '../magqa/score-matrix.js';

/** The best rating each reply got from a gold turn within whose span it lies; null for a reply outside of all spans. */
export type ReplyRatings = readonly (number | null)[];

/** Ratings of one scoring by example, for drawing them beside the replies. */
export class Ratings {
  readonly #byExample = new Map<string, ReplyRatings>();

  add(example: JudgedExample): void {
    this.#byExample.set(questionKey(example.score.questionId, 'strict'), replyRatings(example));
  }

  /** Null for an example nobody rated. */
  of(id: string): ReplyRatings | null {
    return this.#byExample.get(id) ?? null;
  }
}

function replyRatings({ matrix, replies, matched }: JudgedExample): ReplyRatings {
  const { answer } = matched.annotation;
  return replies.map(({ time }, column) => {
    const rated = answer.flatMap(({ span }, row) =>
      spanHolds(span, time) ? [matrix[row]?.[column] ?? lowestRating] : [],
    );
    return rated.length === 0 ? null : Math.max(...rated);
  });
}
