import { questionKey } from '../../scoring/files/question-id.js';
import { spanHolds } from '../../scoring/files/span.js';
import type { JudgedExample } from '../../scoring/magqa/judge-example.js';

/** The best rating each reply got from a gold turn within whose span it lies; null for a reply outside of all spans. */
export type ReplyRatings = readonly (number | null)[];

/** Ratings by example, for drawing them; the newest scoring of an example counts. */
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
      spanHolds(span, time) ? [matrix[row]?.[column] ?? 1] : [],
    );
    return rated.length === 0 ? null : Math.max(...rated);
  });
}
