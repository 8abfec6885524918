import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { readOptions } from '../../../client/overlay/options.js';

test('without parameters the overlay captions the newest session', () => {
  expect(readOptions(new URLSearchParams())).toEqual({
    ...{ key: 'latest', style: 'captions', position: 'bottom', align: 'center', size: 5 },
    ...{ colour: null, background: null, staySeconds: null, messages: 6, questions: [], user: false },
  });
});

test('parameters choose session and look', () => {
  const query = 'token=follow_x&style=chat&position=top&align=right&size=7.5&color=ffcc00&background=none';
  expect(
    readOptions(new URLSearchParams(`${query}&stay=forever&messages=3&questions=a,b&questions=c&user=1`)),
  ).toEqual({
    ...{ key: 'follow_x', style: 'chat', position: 'top', align: 'right', size: 7.5 },
    ...{
      colour: 'ffcc00',
      background: 'none',
      staySeconds: Infinity,
      messages: 3,
      questions: ['a,b', 'c'],
      user: true,
    },
  });
});

test.each([
  ['style=karaoke', 'captions, chat'],
  ['position=left', 'bottom, middle, top'],
  ['size=big', 'size from 1 to 30, not big'],
  ['size=', 'size from 1 to 30'],
  ['stay=0', 'stay from 1 to 3600, not 0'],
  ['messages=1e9', 'messages from 1 to 20'],
])('%s is as if it were not there, and said on the console', (query, said) => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  expect(readOptions(new URLSearchParams(query))).toEqual(readOptions(new URLSearchParams()));
  expect(warn.mock.calls.flat()).toEqual([expect.stringContaining(said)]);
  warn.mockRestore();
});

test('docs/captions-in-obs.md lists all parameters', () => {
  const page = readFileSync(new URL('../../../docs/captions-in-obs.md', import.meta.url), 'utf8');
  const listed = Array.from(page.matchAll(/^\| `(\w+)` /gm), ([, name]) => name);
  const read = [vi.spyOn(URLSearchParams.prototype, 'get'), vi.spyOn(URLSearchParams.prototype, 'getAll')];
  readOptions(new URLSearchParams());
  const names = new Set(read.flatMap(({ mock }) => mock.calls.flat()));
  expect([...names].sort()).toEqual(listed.sort());
  vi.restoreAllMocks();
});
