import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { findVideo } from '../../../server/scoring/runner/play/find-video.js';
import { freshFolder } from './recorded-run.js';

function folderWith(...files: readonly string[]): string {
  const folder = freshFolder();
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), '');
  }
  return folder;
}

test.each<[string, readonly string[], string, string]>([
  ['its very name, whatever lies beside it', ['a.mp4', 'a.webm'], 'a.mp4', 'a.mp4'],
  ['another ending', ['a.webm', 'a.mp4.part', 'a.m4a', 'a.json', 'ab.mp4'], 'a.mp4', 'a.webm'],
  ['another ending of a name with dots', ['v_1.5_x.mkv', 'v_1.mkv'], 'v_1.5_x.mp4', 'v_1.5_x.mkv'],
  ['an ending where the annotations have none', ['-abc_0_150.webm'], '-abc_0_150', '-abc_0_150.webm'],
  ['no ending where the annotations have one', ['abc'], 'abc.mp4', 'abc'],
  ['an ending that the id brought along', ['a.webm'], 'a.webm.mp4', 'a.webm'],
  ['other capitals', ['Kitchen.MP4'], 'kitchen.mp4', 'Kitchen.MP4'],
  ['the other Unicode form', ['cafe\u0301.mp4'], 'caf\u00e9.mp4', 'cafe\u0301.mp4'],
  [
    'a folder of its own, of the other Unicode form',
    ['e\u0301te\u0301/a.mkv'],
    '\u00e9t\u00e9/a.mp4',
    'e\u0301te\u0301/a.mkv',
  ],
  ['a file beside a folder of its name', ['a/1.mp4', 'a.webm'], 'a.mp4', 'a.webm'],
])('a video is found under %s', (_name, files, named, found) => {
  const folder = folderWith(...files);
  expect(findVideo([folder], named)).toBe(join(folder, found));
});

test('the first folder that has the very name wins over a similar one before it', () => {
  const [first, second] = [folderWith('a.webm'), folderWith('a.mp4')];
  expect(findVideo([first, second], 'a.mp4')).toBe(join(second, 'a.mp4'));
});

test('two files of other endings are both named, and neither is taken', () => {
  expect(() => findVideo([folderWith('a.webm', 'a.mkv')], 'a.mp4')).toThrow(
    'there is no file a.mp4, but a.mkv and a.webm; keep one of them, or name it in the annotations',
  );
});

test('where nothing will do the path that is missing is given', () => {
  const folder = folderWith('b.mp4', 'a.txt');
  expect(findVideo([folder], 'a.mp4')).toBe(join(folder, 'a.mp4'));
});
