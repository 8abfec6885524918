import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { KnownSummaries } from '../../server/records/known-summaries.js';
import type { RecordFileInfo } from '../../server/records/record-files.js';
import { headerLine, noNotes } from '../../server/records/record-line.js';
import { temporaryFolder } from '../transport/test-server.js';

/** A record that says as much in one line. */
async function recordOf(id: string, characters: number): Promise<RecordFileInfo> {
  const path = join(await temporaryFolder(), id);
  const line = headerLine({ id, owner: null, openedAt: 0 }, { ...noNotes, shares: ['x'.repeat(characters)] });
  await writeFile(path, `${line}\n`);
  return { path, firstSeq: 1, bytes: line.length + 1, changedMs: 0 };
}

test('a record is read once for all who ask meanwhile', async () => {
  const known = new KnownSummaries();
  const file = await recordOf('a', 10);
  const [one, other] = await Promise.all([known.of(file), known.of(file)]);
  expect(one.identity).toMatchObject({ id: 'a' });
  expect(other).toBe(one);
  expect(await known.of(file)).toBe(one);
  expect(await known.of({ ...file, changedMs: 1 })).not.toBe(one);
});

test('a record that could not be read is read again', async () => {
  const known = new KnownSummaries();
  const file = await recordOf('a', 10);
  await expect(known.of({ ...file, path: `${file.path}.gone` })).rejects.toThrow('ENOENT');
  expect(await known.of(file)).toMatchObject({ identity: { id: 'a' } });
});

test('what is remembered is bounded: what no longer fits is read again', async () => {
  const known = new KnownSummaries();
  const files: RecordFileInfo[] = [];
  for (let index = 0; index < 17; index += 1) files.push(await recordOf(String(index), 2e6));
  const first = [];
  for (const file of files) first.push(await known.of(file));
  const again = [];
  for (const file of files) again.push((await known.of(file)) === first[again.length]);
  expect(again).toEqual([...Array.from({ length: 15 }, () => true), false, false]);
  known.keepOnly((path) => path !== files[0]?.path);
  const last = files[16];
  if (last) expect(await known.of(last)).toBe(await known.of(last));
});
