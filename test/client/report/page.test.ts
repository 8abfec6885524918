import { describe, expect, test } from 'vitest';
import type { PageExample } from '../../../server/scoring/report/html/page-data.js';
import { timeText, shortTimeText } from '../../../client/report/figure-text.js';
import { answerQuery, type ExampleQuery } from '../../../client/report/examples/example-query.js';
import { packLanes } from '../../../client/report/timeline/lane-layout.js';
import { ticks, timeScale } from '../../../client/report/timeline/time-scale.js';

const blank: PageExample = {
  id: '',
  video: '',
  duration: null,
  value: null,
  tags: {},
  questions: [],
  gold: [],
  texts: [],
  replies: [],
  frames: null,
  nFrames: 0,
};
const examples: readonly PageExample[] = [
  { ...blank, id: 'v10', value: 2, tags: { task: 'cooking' }, texts: ['A Red kite'] },
  { ...blank, id: 'v9', value: null, tags: { task: 'sport' }, gold: [[0, 1, 'the kite falls']] },
  { ...blank, id: 'v2', value: 5, replies: [[0, 0, 1, null]] },
];

describe('the list of examples', () => {
  const ids = (query: Partial<ExampleQuery>) =>
    answerQuery(examples, { text: '', order: 'file', tag: null, ...query }).map(({ id }) => id);

  test.each<[string, Partial<ExampleQuery>, string[]]>([
    ['keeps the order of the file', {}, ['v10', 'v9', 'v2']],
    ['finds words in any case and any text', { text: ' KITE ' }, ['v10', 'v9']],
    ['wants every word', { text: 'kite red' }, ['v10']],
    ['finds labels of tags', { text: 'sport' }, ['v9']],
    ['keeps to a label', { tag: { name: 'task', label: 'cooking' } }, ['v10']],
    ['keeps to those without the tag', { tag: { name: 'task', label: '' } }, ['v2']],
    ['knows no tag that every object has', { tag: { name: 'constructor', label: '' } }, ['v10', 'v9', 'v2']],
    ['puts low values first, none last', { order: 'low' }, ['v10', 'v2', 'v9']],
    ['puts high values first, none last', { order: 'high' }, ['v2', 'v10', 'v9']],
    ['counts in ids', { order: 'id' }, ['v2', 'v9', 'v10']],
    ['puts the talkative first', { order: 'replies' }, ['v2', 'v10', 'v9']],
  ])('%s', (_, query, expected) => {
    expect(ids(query)).toEqual(expected);
  });
});

describe('a timeline', () => {
  test('gives what overlaps a lane of its own, and shares the last lane when there are too many', () => {
    const extents = [
      { from: 0, to: 10 },
      { from: 5, to: 8 },
      { from: 10, to: 12 },
      { from: 6, to: 7 },
    ];
    expect(packLanes(extents, 8)).toEqual([0, 1, 0, 2]);
    expect(packLanes(extents, 2)).toEqual([0, 1, 0, 1]);
    expect(packLanes([], 3)).toEqual([]);
  });

  test('is as long as its latest moment and never empty', () => {
    const late = { ...blank, duration: 10, replies: [[9, 0, null, 12.5]] as PageExample['replies'] };
    expect(timeScale(late, 11, 500).end).toBe(12.5);
    expect(timeScale(blank, 0, 500).end).toBe(1);
    const scale = timeScale(late, 0, 500);
    expect(scale.time(scale.x(5))).toBeCloseTo(5, 9);
    expect(scale.x(99)).toBe(scale.x(12.5));
  });

  test.each([
    [10, 720, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
    [400, 500, [0, 60, 120, 180, 240, 300, 360]],
    [1, 100, [0, 1]],
  ])('of %s s on %s px has ticks at %j', (duration, width, expected) => {
    expect(ticks(timeScale({ ...blank, duration }, 0, width))).toEqual(expected);
  });
});

test.each([
  [0, '0:00.0', '0:00'],
  [59.96, '1:00.0', '1:00'],
  [65.34, '1:05.3', '1:05'],
  [3725, '1:02:05.0', '1:02:05'],
  [-2.5, '-0:02.5', '-0:02'],
])('%s seconds are written %s and %s', (seconds, long, short) => {
  expect(timeText(seconds)).toBe(long);
  expect(shortTimeText(seconds)).toBe(short);
});
