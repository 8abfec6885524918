import { expect, test } from 'vitest';
import { countToldAgain } from '../../models/figures/facts/question-facts.js';
import type { Span } from '../../server/scoring/data/span.js';

const jumps = (span: Span) => ({ span, content: 'The dog jumps.' });
const says = (time: number, content = 'The dog jumps.') => ({ time, content });

test('the same words for another gold span are not told again', () => {
  expect(countToldAgain([says(2), says(6)], [jumps([1, 3]), jumps([5, 7])])).toBe(0);
});

test('a second reply in the same span, or one out of all spans, is', () => {
  expect(countToldAgain([says(2), says(2.5), says(9)], [jumps([1, 3]), jumps([5, 7])])).toBe(2);
});

test('spans that overlap are answered one after the other', () => {
  expect(countToldAgain([says(4), says(4.5)], [jumps([1, 5]), jumps([4, 7])])).toBe(0);
});

test('new words never are', () => {
  expect(countToldAgain([says(2), says(9, 'The cat jumps.')], [jumps([1, 3])])).toBe(0);
});
