import type { Mode } from '../../mode.js';
import { mapInOrder } from '../../data/map-in-order.js';
import type { Judge, JudgeCase } from '../judge.js';
import { readRating } from '../rating/read-rating.js';
import type { RatedCase } from '../asking/remember-replies.js';

/** The ratings two judgements gave to the same cases, where both gave one. */
export interface RatingPairs {
  readonly first: readonly number[];
  readonly second: readonly number[];
  /** Cases without a rating on one of the sides. */
  readonly nUnusable: number;
}

/** Asks another judgement about rated cases, `limit` at a time; `changed` says what it is shown of a case. */
export async function ratePairs(
  rated: readonly RatedCase[],
  other: Judge,
  mode: Mode,
  limit: number,
  changed: (judgeCase: JudgeCase) => JudgeCase,
): Promise<RatingPairs> {
  const first: number[] = [];
  const second: number[] = [];
  const both = async (one: RatedCase) => {
    const reply = await other.rate(changed(one.judgeCase), one.rubric);
    return [ratingOf(one, mode), ratingOf({ ...one, reply }, mode)] as const;
  };
  for await (const [one, another] of mapInOrder(rated, limit, both)) {
    if (one === null || another === null) continue;
    first.push(one);
    second.push(another);
  }
  return { first, second, nUnusable: rated.length - first.length };
}

/**
 * The rating of a case; null for one that was not judged and for a reply that cannot be used, an empty one
 * included.
 */
export function ratingOf({ reply, rubric }: RatedCase, mode: Mode): number | null {
  return reply === '' || typeof reply === 'object' ? null : readRating(reply, rubric, mode);
}
