import { expect, test } from 'vitest';
import { captionLines, captionPages } from '../../server/protocol/caption-lines.js';
import { subRip, subtitlesOf, webVtt, type Said } from '../../server/protocol/subtitles.js';

const pangram = 'The quick brown fox jumps over the lazy dog and runs away into the dark forest at night.';

test('a text that fits stays on one line', () => {
  expect(captionLines('A dog comes in from the left.')).toEqual(['A dog comes in from the left.']);
});

test('two lines are about equally long', () => {
  expect(captionLines('The man puts the red cup down on the table.')).toEqual([
    'The man puts the red',
    'cup down on the table.',
  ]);
});

test('a long text is shown in pages of two lines', () => {
  const pages = captionPages(pangram);
  expect(pages.map((lines) => lines.length)).toEqual([2, 1]);
  expect(pages.flat().join(' ')).toBe(pangram);
});

test.each([
  ['an address', `see https://example.org/${'path/'.repeat(30)} now`],
  ['one endless word', 'x'.repeat(500)],
  ['full stops', `${'x'.repeat(41)}${'.'.repeat(200)}`],
  ['many words', 'word and '.repeat(300)],
  ['emoji made of several', '👩‍👩‍👧‍👦'.repeat(60)],
  ['Chinese', '一个男人走进厨房，打开冰箱，拿出一瓶牛奶，然后把它放在桌子上，坐下来看报纸。'],
  ['Thai', 'ผู้ชายคนหนึ่งเดินเข้ามาในห้องครัวแล้วเปิดตู้เย็นหยิบนมออกมาวางบนโต๊ะ'],
])('no line of %s has more than 42 columns, and nothing is lost', (_, text) => {
  const lines = captionLines(text);
  const columns = (line: string): number =>
    [...new Intl.Segmenter().segment(line)].reduce(
      (sum, { segment }) =>
        sum + (/[\u2e80-\u9fff\uff00-\uff60]|\p{Emoji_Presentation}/u.test(segment) ? 2 : 1),
      0,
    );
  expect(Math.max(...lines.map(columns))).toBeLessThanOrEqual(42);
  expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
});

test('a line of Chinese does not begin with a comma or a full stop', () => {
  const lines = captionLines('一个男人走进厨房，打开冰箱，拿出一瓶牛奶，'.repeat(5));
  expect(lines.filter((line) => /^[，。]/.test(line))).toEqual([]);
});

test('a blank text gives no subtitle', () => {
  expect(subtitlesOf([{ who: 'Duet', text: ' \n ', from: 1 }])).toEqual([]);
});

test('the pages of a long text follow each other', () => {
  const [one, two, ...others] = subtitlesOf([{ who: 'Duet', text: pangram, from: 10 }]);
  expect(others).toEqual([]);
  expect(one?.from).toBe(10);
  expect(two?.from).toBe(one?.to);
  expect((two?.to ?? 0) - 10).toBeCloseTo(pangram.length / 15 + 0.1, 0);
});

test.each([
  ['every half second', 0.5],
  ['all at once', 0],
  ['every ten seconds', 10],
])('subtitles never overlap, and none begins far too late: %s', (_, step) => {
  const said = Array.from({ length: 200 }, (_entry, index): Said => {
    return {
      who: index % 3 === 0 ? 'You' : 'Duet',
      text: `${index} ${pangram.slice(0, index)}`,
      from: index * step,
    };
  });
  const subtitles = subtitlesOf(said);
  for (const [index, { from, to }] of subtitles.entries()) {
    expect(to).toBeGreaterThan(from);
    expect(subtitles[index + 1]?.from ?? Infinity).toBeGreaterThanOrEqual(to);
    expect(to - from).toBeLessThanOrEqual(7);
  }
  const late = said.map(({ text, from }) => {
    const words = text.split(' ').slice(0, 2).join(' ');
    return (subtitles.find((cue) => cue.text.replaceAll('\n', ' ').startsWith(words))?.from ?? 0) - from;
  });
  if (step > 0) expect(Math.max(...late)).toBeLessThanOrEqual(3.5);
});

test('one speaker is not named, several are, and their names count as text of the line', () => {
  const text = 'A man in a red coat walks in from left.';
  const alone = subRip(subtitlesOf([{ who: 'Duet', text, from: 1 }]));
  expect(alone).toBe(`1\n00:00:01,000 --> 00:00:03,600\n${text}\n`);
  const both = subtitlesOf([
    { who: 'You', text: 'Who?', from: 0 },
    { who: 'Duet', text, from: 10 },
  ]);
  expect(subRip(both)).toContain('\nDuet: A man in a red\ncoat walks in from left.\n');
  expect(webVtt(both)).toContain('<v You>Who?\n');
});
