import type { Mode } from '../mode.js';
import type { Rubric } from './judge.js';
import { lastStandAlone, readReply } from './read-reply.js';

/**
 * The rating in a reply, null where it cannot be used. Of `agreement`, `compat` reads the last character and `strict` the
 * last stand-alone digit and nothing outside 1..5; of `coverage`, both read the last stand-alone digit 1..3.
 * Throws for an empty reply in `compat`, like the published scripts.
 */
export function readRating(reply: string | number, rubric: Rubric, mode: Mode): number | null {
  switch (rubric) {
    case 'coverage':
      return lastStandAlone(String(reply), '1-3');
    case 'agreement': {
      const rating = readReply(reply, mode === 'compat' ? 'last_character' : 'stand_alone');
      return mode === 'strict' && rating !== null && (rating < 1 || rating > 5) ? null : rating;
    }
  }
}

/** Whether a reply is worth keeping: one that every mode would rather ask for again is not. */
export function isUsable(reply: string | number, rubric: Rubric): boolean {
  return readRating(reply, rubric, 'strict') !== null;
}
