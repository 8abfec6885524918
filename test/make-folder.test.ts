import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { makeFolder, makeTemporaryFolder } from '../server/make-folder.js';

describe('making a folder', () => {
  let top = '';
  beforeEach(() => {
    top = mkdtempSync(join(tmpdir(), 'duet-folder-'));
  });
  afterEach(() => {
    rmSync(top, { recursive: true, force: true });
  });

  test('creates its parents too, repeatedly and concurrently', async () => {
    const path = join(top, 'a', 'b', 'c');
    await Promise.all([makeFolder(path), makeFolder(path), makeFolder(join(top, 'a', 'd'))]);
    await makeFolder(path);
    expect(statSync(path).isDirectory()).toBe(true);
  });

  test('creates the folder for temporary ones where it is missing', async () => {
    const missing = join(top, 'tmp');
    for (const name of ['TMPDIR', 'TEMP', 'TMP']) vi.stubEnv(name, missing);
    const paths = [await makeTemporaryFolder('duet-'), await makeTemporaryFolder('duet-')];
    vi.unstubAllEnvs();
    expect(new Set(paths).size).toBe(2);
    for (const path of paths) expect(path.startsWith(join(missing, 'duet-'))).toBe(true);
  });

  test('names the file in its place, or in its path', async () => {
    const file = join(top, 'file');
    writeFileSync(file, '');
    await expect(makeFolder(file)).rejects.toMatchObject({ code: 'EEXIST' });
    // Windows says ENOENT of a path through a file.
    await expect(makeFolder(join(file, 'a', 'b'))).rejects.toMatchObject({
      code: expect.stringMatching(/^(?:ENOTDIR|EEXIST)$/) as string,
    });
  });

  test.skipIf(process.platform !== 'linux')('comes back where no folder can be made', async () => {
    await expect(makeFolder('/proc/duet/a')).rejects.toMatchObject({ code: 'ENOENT' });
    symlinkSync(join(top, 'nowhere'), join(top, 'link'));
    await expect(makeFolder(join(top, 'link', 'a'))).rejects.toMatchObject({ code: 'EEXIST' });
  });
});
