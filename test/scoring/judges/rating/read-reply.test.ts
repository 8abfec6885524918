import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readReply } from '../../../../server/scoring/judges/rating/read-rating.js';
import { readGolden } from '../../support/golden.js';

const outcome = z.union([z.number(), z.null(), z.object({ error: z.string() })]);
const rows = readGolden(
  'magqa/reply_parsing.json',
  z.array(
    z.object({ reply: z.union([z.string(), z.number()]), first_char_rule: outcome, last_char_rule: outcome }),
  ),
);

describe('reading a rating out of a judge reply', () => {
  test.each(rows)('the character rules read $reply as the reference does', (row) => {
    const rules = [
      ['first_character', row.first_char_rule],
      ['last_character', row.last_char_rule],
    ] as const;
    for (const [rule, expected] of rules) {
      if (expected === null) continue;
      if (typeof expected === 'number') expect(readReply(row.reply, rule) ?? 1).toBe(expected);
      else expect(() => readReply(row.reply, rule)).toThrow('empty reply');
    }
  });

  test.each([
    ['4', 4],
    [' 4 ', 4],
    ['5.', 5],
    ['Score: 3', 3],
    ['**2**', 2],
    ['first 2, then 4', null],
    ['4/5', 4],
    ['3 out of 5', 3],
    ['rating=1', 1],
    ['4.5', null],
    ['-3', null],
    ['10', null],
    ['15 people, 2020', null],
    ['6', null],
    ['five', 5],
    ['', null],
    ['５', 5],
    ['score5', null],
  ])('the rule of strict mode reads %j as %j', (reply, rating) => {
    expect(readReply(reply, 'stated')).toBe(rating);
  });

  test('a batch reply is an integer or an error that shows it', () => {
    expect(readReply(' 3 ', 'whole_integer')).toBe(3);
    expect(() => readReply('3.', 'whole_integer')).toThrow('"3."');
  });

  test('a number is the rating as it stands', () => {
    expect(readReply(4.5, 'first_character')).toBe(4.5);
  });
});
