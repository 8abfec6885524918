import { expect, test } from 'vitest';
import { outputNames } from '../../server/captioning/output-names.js';
import type { FoundVideo } from '../../server/captioning/find-videos.js';

function named(videos: readonly FoundVideo[], taken?: ReadonlyMap<string, string>): readonly string[] {
  return [...outputNames(videos, taken).values()];
}

const at = (path: string, name = path.replace(/.*\//, '')): FoundVideo => ({ path, name });

test.each([
  ['single files by their name', [at('/v/a.mp4'), at('/v/b.mov')], ['a', 'b']],
  ['those of a folder by their path below it', [at('/v/x/a.mp4', 'x/a.mp4'), at('/v/a.mp4')], ['x/a', 'a']],
  ['equal names by their folders', [at('/v/x/a.mp4'), at('/v/y/a.mp4'), at('/v/b.mp4')], ['x/a', 'y/a', 'b']],
  ['equal names in a folder by their endings', [at('/v/a.mp4'), at('/v/a.mov')], ['a.mp4', 'a.mov']],
  ['names that differ in case', [at('/v/A.mp4'), at('/v/a.mov')], ['A.mp4', 'a.mov']],
  ['both at once', [at('/v/x/a.mp4'), at('/v/y/a.mp4'), at('/v/y/a.mov')], ['x/a', 'y/a.mp4', 'y/a.mov']],
  ['only the last ending is one', [at('/v/2026.11.30.mp4'), at('/v/.mp4')], ['2026.11.30', '.mp4']],
  [
    'a name that another has with its ending',
    [at('/v/a.mp4'), at('/v/a.mov'), at('/w/a.mp4.mp4')],
    ['a.mp4', 'a.mov', 'a.mp4.mp4'],
  ],
])('%s', (_, videos, names) => {
  expect(named(videos)).toEqual(names);
});

test('a video keeps the name that it had before, and another does not get it', () => {
  const taken = new Map([['a', '/v/a.mp4']]);
  expect(named([at('/v/a.mov')], taken)).toEqual(['a.mov']);
  expect(named([at('/v/a.mov'), at('/v/a.mp4')], taken)).toEqual(['a.mov', 'a']);
});

test('a thousand videos of one name in one folder each have a name', () => {
  const videos = Array.from({ length: 1000 }, (_, index) => at(`/v/${index}/a.mp4`));
  expect(new Set(named(videos)).size).toBe(1000);
});
