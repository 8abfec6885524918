import { describe, expect, test } from 'vitest';
import { beginsWithRating, statedRating } from '../../../../server/scoring/judges/rating/stated-rating.js';
import { cpuMsOf } from '../../../support/cpu-time.js';
import { fours } from './replies-of-four.js';
import { nothing } from './replies-without-rating.js';

describe('the rating a reply states', () => {
  for (const [kind, replies] of Object.entries(fours)) {
    test.each(replies)(`is 4 with ${kind}: %j`, (reply) => {
      expect(statedRating(reply, 5)).toBe(4);
    });
  }

  for (const [kind, replies] of Object.entries(nothing)) {
    test.each(replies)(`is none with ${kind}: %j`, (reply) => {
      expect(statedRating(reply, 5)).toBeNull();
    });
  }

  test.each([
    ['2/3', 2],
    ['3 out of 3', 3],
    ['Coverage: 2', 2],
    ['not a sentence of this world; rating: 1', 1],
    ['2 on a scale of 1 to 3', 2],
    ['4', null],
    ['2/5', null],
    ['2 on a scale of 1 to 5', null],
  ])('goes by the scale of its rubric: %j of three', (reply, rating) => {
    expect(statedRating(reply, 3)).toBe(rating);
  });

  test.each([1, 2, 3, 4, 5])('is %d where it says so', (rating) => {
    for (const reply of [`${rating}`, `Score: ${rating}/5`, `{"score": ${rating}}`, '★'.repeat(rating)]) {
      expect(statedRating(reply, 5), reply).toBe(rating);
    }
  });

  test.each([
    ['4', true],
    ['4\n\nThe prediction mentions', true],
    ['Score: 4, because the', true],
    ['{"score": 4, "reason": "names 2', true],
    ['1. The prediction mentions', false],
    ['4. The prediction', false],
    ['I would compare: the score is 4 if', false],
    ['The prediction names 2 of the 3 people. I would rate it 4', false],
    ['<think>4', false],
  ])('needs no end where it comes first: %j', (reply, begins) => {
    expect(beginsWithRating(reply, 5)).toBe(begins);
  });

  test.each([
    '<think>',
    '(',
    '4 of ',
    'score ',
    '"',
    '\n',
    ' ',
    '{',
    '1-',
    'the ',
    '★',
    '<|channel|>final',
    '[',
    '<a ',
  ])('is looked for in bounded time, however often a reply repeats %j', async (piece) => {
    const cpuMs = await cpuMsOf(() => {
      expect(statedRating(piece.repeat(400_000), 5)).toBeNull();
    });
    expect(cpuMs).toBeLessThan(4000);
  });
});
