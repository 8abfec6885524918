import type { Mode } from '../../mode.js';
import type { Rubric } from '../judge.js';
import { statedRating, type Top } from './stated-rating.js';
import { readReply } from './read-reply.js';

/**
 * The rating in a reply, null where it cannot be used. Of `agreement`, `compat` reads the last character, as
 * published, and `strict` the rating that is stated, 1..5; of `coverage`, both read the rating that is
 * stated, 1..3. Throws for an empty reply in `compat`, like the published scripts.
 */
export function readRating(reply: string | number, rubric: Rubric, mode: Mode): number | null {
  if (rubric === 'coverage') return statedRating(String(reply), highestRating.coverage);
  const rating = readReply(reply, mode === 'compat' ? 'last_character' : 'stated');
  return mode === 'strict' && rating !== null && (rating < 1 || rating > 5) ? null : rating;
}

/** The highest rating of each rubric; the lowest is 1. */
export const highestRating: Readonly<Record<Rubric, Top>> = { agreement: 5, coverage: 3 };

/** Whether a reply is worth keeping: one that every mode would rather ask for again is not. */
export function isUsable(reply: string | number, rubric: Rubric): boolean {
  return readRating(reply, rubric, 'strict') !== null;
}
