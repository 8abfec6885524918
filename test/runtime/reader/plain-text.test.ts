import { expect, test } from 'vitest';
import { plainText } from '../../../server/runtime/reader/plain-text.js';

test.each([
  ['ordinary text stays', 'Gate 42 – sortie!', 'Gate 42 – sortie!'],
  ['so does Chinese', '出口 EXIT', '出口 EXIT'],
  ['terminal sequences lose what makes them', '\u001b[31mred\u0007\u009b2J', '[31mred2J'],
  ['lines are joined', 'one\r\ntwo\u2028three\tfour', 'onetwothreefour'],
  ['direction marks are left out', 'a\u202e\u2066bc\u200f', 'abc'],
  ['what cannot be seen is left out', 'a\u200bb\ufeffc\u00ad', 'abc'],
  ['spaces are one', '  a   b ', 'a b'],
  ['half a character is left out', 'a\ud800b', 'ab'],
])('%s', (_, text, plain) => {
  expect(plainText(text)).toBe(plain);
});

test('a long text is cut between characters', () => {
  expect(Array.from(plainText('😀'.repeat(500)))).toHaveLength(120);
});
