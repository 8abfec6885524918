import { expect, test } from 'vitest';
import { collectAsk, collectAskAt } from '../../../server/cli/watch/ask.js';

test('asks are collected in their order', () => {
  expect(collectAsk('b', collectAsk('a'))).toEqual([
    { text: 'a', videoTime: null },
    { text: 'b', videoTime: null },
  ]);
});

test.each([
  ['4:What?', 4, 'What?'],
  ['0.5:At 10:30: what?', 0.5, 'At 10:30: what?'],
  ['12:two\nlines', 12, 'two\nlines'],
])('%s has a time and a text', (value, videoTime, text) => {
  expect(collectAskAt(value)).toEqual([{ text, videoTime }]);
});

test.each(['What?', ':What?', '4:', '4: ', '-1:What?', 'x:What?'])('%s is refused', (value) => {
  expect(() => collectAskAt(value)).toThrow('SECONDS:TEXT');
});
