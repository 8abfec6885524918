import { DuetError } from '../../errors.js';

/**
 * How a rating 1..5 is read out of a judge's reply.
 * - `first_character`: of a local model and of strings found in judged files.
 * - `last_character`: of a judge behind HTTP.
 * - `whole_integer`: of batch replies.
 * - `stand_alone`: the last digit 1..5 that stands by itself; the recommended rule.
 */
export type ReplyRule = 'first_character' | 'last_character' | 'whole_integer' | 'stand_alone';

/**
 * The rating in a reply, or null where the reply is unusable by the rule; a number is the rating as it stands.
 * Throws for an empty reply under the character rules and for anything but an integer under `whole_integer`: the
 * published scripts end there too.
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
    case 'stand_alone':
      return lastStandAlone(reply, '1-5');
  }
}

/** The last digit of a range such as `1-5` that is no part of a word, of a longer number or of a scale ("4/5"). */
export function lastStandAlone(reply: string, range: '1-3' | '1-5'): number | null {
  const withoutScale = reply.replace(/(\d)\s*(?:\/|out\s+of)\s*\d+(?:\.\d+)?/gi, '$1');
  const digits = withoutScale.match(
    new RegExp(`(?<![\\p{L}\\p{N}_]|[\\p{N}][.,]|-)[${range}](?![\\p{L}\\p{N}_]|[.,]\\p{N})`, 'gu'),
  );
  const last = digits?.at(-1);
  return last === undefined ? null : Number(last);
}

function ratingOf(character: string): number | null {
  return /^[1-5]$/.test(character) ? Number(character) : null;
}

function notEmpty(reply: string): string {
  if (reply !== '') return reply;
  throw new DuetError(
    'invalid_request',
    'the judge gave an empty reply, of which no rating can be read; score in strict mode to count it',
  );
}

function wholeInteger(reply: string): number {
  if (/^\s*[+-]?\d+\s*$/.test(reply)) return Number(reply);
  throw new DuetError('invalid_request', `the batch reply ${JSON.stringify(reply)} is not an integer`);
}
