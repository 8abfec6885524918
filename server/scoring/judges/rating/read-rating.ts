import { DuetError } from '../../../errors.js';
import type { Mode } from '../../mode.js';
import type { Rubric } from '../judge.js';
import { statedRating, type Top } from './stated-rating.js';

/**
 * The rating in a reply; null if it has none. For `agreement`, `compat` reads the last character, as
 * published, and `strict` the stated rating, 1..5; for `coverage`, both read the stated rating, 1..3. Throws
 * for an empty reply in `compat`, like the published scripts.
 */
export function readRating(reply: string | number, rubric: Rubric, mode: Mode): number | null {
  if (rubric === 'coverage') return statedRating(String(reply), highestRating.coverage);
  const rating = readReply(reply, mode === 'compat' ? 'last_character' : 'stated');
  return mode === 'strict' && rating !== null && (rating < 1 || rating > 5) ? null : rating;
}

/** The highest rating of each rubric; the lowest is 1. */
export const highestRating: Readonly<Record<Rubric, Top>> = { agreement: 5, coverage: 3 };

/** Whether a reply holds a rating and is worth keeping. */
export function isUsable(reply: string | number, rubric: Rubric): boolean {
  return readRating(reply, rubric, 'strict') !== null;
}

/**
 * How to read a rating 1..5 from a judge's reply.
 * - `first_character`: for local models, and strings in judged files.
 * - `last_character`: for judges behind HTTP.
 * - `whole_integer`: for batch replies.
 * - `stated`: the rating the reply states, see {@link statedRating}; recommended.
 */
export type ReplyRule = 'first_character' | 'last_character' | 'whole_integer' | 'stated';

/**
 * The rating in a reply, or null if the rule finds none; a number is taken as is. Throws for an empty reply
 * under the character rules, and for anything but an integer under `whole_integer`, as the published scripts
 * do.
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
