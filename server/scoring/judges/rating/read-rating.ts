import { DuetError } from '../../../errors.js';
import type { Mode } from '../../mode.js';
import type { Rubric } from '../judge.js';
import { statedRating, type Top } from './stated-rating.js';

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

/**
 * How a rating 1..5 is read out of a judge's reply.
 * - `first_character`: of a local model and of strings found in judged files.
 * - `last_character`: of a judge behind HTTP.
 * - `whole_integer`: of batch replies.
 * - `stated`: the rating that the reply states, see {@link statedRating}; the recommended rule.
 */
export type ReplyRule = 'first_character' | 'last_character' | 'whole_integer' | 'stated';

/**
 * The rating in a reply, or null where the reply is unusable by the rule; a number is the rating as it
 * stands. Throws for an empty reply under the character rules and for anything but an integer under
 * `whole_integer`: the published scripts end there too.
 */
export function readReply(reply: string | number, rule: ReplyRule): number | null {
  if (typeof reply === 'number') return reply;
  switch (rule) {
    case 'first_character':
      return ratingOf(notEmpty(reply).charAt(0));
    case 'last_character':
      return ratingOf(notEmpty(reply).slice(-1));
    case 'whole_integer':
      return wholeInteger(reply);
    case 'stated':
      return statedRating(reply, 5);
  }
}

function ratingOf(character: string): number | null {
  return /^[1-5]$/.test(character) ? Number(character) : null;
}

function notEmpty(reply: string): string {
  if (reply !== '') return reply;
  throw new DuetError(
    'invalid_request',
    'the judge gave an empty reply, from which no rating can be read; score in strict mode to count it',
  );
}

function wholeInteger(reply: string): number {
  if (/^\s*[+-]?\d+\s*$/.test(reply)) return Number(reply);
  throw new DuetError('invalid_request', `the batch reply ${JSON.stringify(reply)} is not an integer`);
}
