import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { OwnFiles } from '../../server/captioning/own-files.js';
import { temporaryFolder } from '../transport/test-server.js';

test('a file is ours until somebody changes it', async () => {
  const folder = await temporaryFolder();
  const sums = join(folder, 'SHA256SUMS');
  const files = await OwnFiles.open(folder, sums);
  await files.write('x/a.srt', 'one');
  expect(await files.mayWrite('x/a.srt')).toBe(true);
  await writeFile(join(folder, 'x/a.srt'), 'mine');
  expect(await files.mayWrite('x/a.srt')).toBe(false);
  expect(await files.mayWrite('x/a.srt', 'mine')).toBe(true);
  expect(await files.mayWrite('x/b.srt')).toBe(true);
});

test('it is known to the next run, also where a kill has torn the list of them', async () => {
  const folder = await temporaryFolder();
  const sums = join(folder, 'SHA256SUMS');
  await (await OwnFiles.open(folder, sums)).write('a.srt', 'one');
  await writeFile(sums, `${await readFile(sums, 'utf8')}0123`);
  const next = await OwnFiles.open(folder, sums);
  await next.write('b.srt', 'two');
  const third = await OwnFiles.open(folder, sums);
  expect([await third.mayWrite('a.srt'), await third.mayWrite('b.srt')]).toEqual([true, true]);
});
