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
  ['1:30:And now?', 90, 'And now?'],
  ['0:05.5:x', 5.5, 'x'],
  ['90:00:x', 5400, 'x'],
  ['1:02:03.25:x', 3723.25, 'x'],
  ['12:And then?', 12, 'And then?'],
  ['4:30 people came?', 4, '30 people came?'],
  ['5: 10:30 is lunch', 5, '10:30 is lunch'],
  ['1:30: 12:00 is noon', 90, '12:00 is noon'],
  ['5: 42', 5, '42'],
])('%s has a time and a text', (value, videoTime, text) => {
  expect(collectAskAt(value)).toEqual([{ text, videoTime }]);
});

test.each(['1:30', '1:30:', '0:59.5'])('%s is a time without a text', (value) => {
  expect(() => collectAskAt(value)).toThrow('the text at');
});

test.each(['1:5:x', '1:75:x', '1:2:03:x', '1:60:00:x', '1:030:x'])(
  '%s does not begin with a time',
  (value) => {
    expect(() => collectAskAt(value)).toThrow('is not a time');
  },
);

test.each(['What?', ':What?', '4:', '4: ', '-1:What?', 'x:What?'])('%s is refused', (value) => {
  expect(() => collectAskAt(value)).toThrow('SECONDS:TEXT');
});
