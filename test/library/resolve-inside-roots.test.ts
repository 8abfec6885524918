import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { resolveInsideRoots } from '../../server/library/resolve-inside-roots.js';

const base = realpathSync(mkdtempSync(join(tmpdir(), 'duet-roots-')));
const [films, clips] = [join(base, 'films'), join(base, 'clips')];
const roots = [films, clips, join(base, 'absent-root')];

beforeAll(() => {
  mkdirSync(join(films, 'deep'), { recursive: true });
  mkdirSync(clips);
  mkdirSync(join(base, 'films-private'));
  for (const name of [
    'films/a.mp4',
    'films/deep/b.mp4',
    'films/..c.mp4',
    'clips/d.mp4',
    'films-private/x.mp4',
    'secret.mp4',
  ]) {
    writeFileSync(join(base, name), 'video');
  }
  symlinkSync(join(films, 'a.mp4'), join(films, 'inside-link.mp4'));
  symlinkSync(join(base, 'secret.mp4'), join(films, 'leak.mp4'));
  symlinkSync(base, join(films, 'way-out'));
  symlinkSync(films, join(base, 'films-link'));
});

afterAll(() => {
  rmSync(base, { recursive: true });
});

test.each([
  ['a.mp4', 'films/a.mp4'],
  ['deep/b.mp4', 'films/deep/b.mp4'],
  ['deep/../a.mp4', 'films/a.mp4'],
  ['..c.mp4', 'films/..c.mp4'],
  ['d.mp4', 'clips/d.mp4'],
  ['inside-link.mp4', 'films/a.mp4'],
  [join(films, 'a.mp4'), 'films/a.mp4'],
  [join(base, 'films-link', 'a.mp4'), 'films/a.mp4'],
])('%s lies inside', async (path, expected) => {
  expect(await resolveInsideRoots(path, roots)).toBe(join(base, expected));
});

test.each([
  '../secret.mp4',
  'leak.mp4',
  'way-out/secret.mp4',
  'way-out/films-private/x.mp4',
  '../films-private/x.mp4',
  join(base, 'secret.mp4'),
  join(base, 'films-private', 'x.mp4'),
  '/etc/passwd',
  'absent.mp4',
  '',
  'a.mp4\0',
  '..',
  `file:${join(films, 'a.mp4')}`,
])('%j does not, and gets the same error as a missing file', async (path) => {
  await expect(resolveInsideRoots(path, roots)).rejects.toMatchObject({
    code: 'not_found',
    message: `there is no file ${JSON.stringify(path)} in the folders that this server may read`,
  });
});

test('without roots nothing lies inside', async () => {
  await expect(resolveInsideRoots(join(films, 'a.mp4'), [])).rejects.toMatchObject({ code: 'not_found' });
});
