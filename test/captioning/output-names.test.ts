import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { outputNames } from '../../server/captioning/output-names.js';
import { findVideos, type FoundVideo } from '../../server/captioning/find-videos.js';
import { temporaryFolder } from '../transport/test-server.js';

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

test('videos of one name in several folders are told apart in every message', async () => {
  const root = await temporaryFolder();
  for (const folder of ['monday', 'tuesday']) {
    await mkdir(join(root, folder));
    await writeFile(join(root, folder, 'talk.mp4'), '');
  }
  await writeFile(join(root, 'tuesday', 'other.mp4'), '');
  const found = (...paths: readonly string[]) =>
    findVideos(
      paths.map((path) => join(root, path)),
      { recursive: false },
    );
  const names = (await found('monday', 'tuesday')).map(({ name }) => name);
  expect(names).toEqual(['monday/talk.mp4', 'other.mp4', 'tuesday/talk.mp4']);
  expect(await found('monday/talk.mp4', 'tuesday')).toMatchObject(names.map((name) => ({ name })));
});
