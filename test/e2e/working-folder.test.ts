import { cp, mkdir, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../transport/test-server.js';
import { DuetProcess, runDuet } from './duet-process.js';

/** A folder as somebody may have unpacked it, with a `duet.config.json`. */
async function folderWith(settings: object): Promise<{ folder: string; file: string }> {
  const folder = await realpath(await temporaryFolder());
  const file = join(folder, 'duet.config.json');
  await writeFile(file, JSON.stringify(settings));
  return { folder, file };
}

test.each([
  [['serve', '--port', '0'], { host: '0.0.0.0' }],
  [['watch', 'street'], { allowBundledFfmpeg: true }],
  [['bench', 'magqa', '--limit', '1'], { allowUrls: true }],
  [['bench', 'worker'], { allowRoots: ['/'] }],
  [['config'], { allowOrigins: ['https://example.org'] }],
])('duet %s refuses a file of the working folder that sets %j', async (args, settings) => {
  const { folder, file } = await folderWith(settings);
  const { exitCode, stdout, stderr } = await runDuet(args, {}, folder);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(`duet: ${file} sets ${Object.keys(settings).join()}`);
});

test('a file that was read is named on stderr, whoever named it', async () => {
  const { folder, file } = await folderWith({ port: 4 });
  for (const args of [['config'], ['config', '--config', 'duet.config.json']]) {
    const { exitCode, stdout, stderr } = await runDuet(args, {}, folder);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: `duet: settings are read from ${file}\n` });
    expect(JSON.parse(stdout)).toMatchObject({ port: 4 });
  }
});

test('a bundled name means the bundled model beside a folder of that name, whose path means the folder', async () => {
  const { folder } = await folderWith({});
  await mkdir(join(folder, 'duet-nano'));
  await writeFile(join(folder, 'duet-nano', 'manifest.json'), '{}');
  const duet = new DuetProcess(
    ['serve', '--port', '0', '--workers', '1', '--model', 'duet-nano'],
    {},
    folder,
  );
  expect((await duet.says(/model {3}(\S+ \S+ \(\w+\))/))[1]).toMatch(/^duet-nano /);
  await duet.complains(/duet-nano is the bundled model; the folder of that name here is \.\/duet-nano/);
  const other = await runDuet(['watch', 'street', '--model', './duet-nano'], {}, folder);
  expect(other).toMatchObject({ exitCode: 1, stdout: '' });
  expect(other.stderr).toContain(join(folder, 'duet-nano', 'manifest.json'));
});

test('a folder is found by its path, and by a name that no bundled model has; the error says how to write one', async () => {
  const { folder } = await folderWith({});
  const bundled = fileURLToPath(new URL('../../models/duet-nano', import.meta.url));
  await cp(bundled, join(folder, 'mine'), { recursive: true });
  for (const name of ['./mine', 'mine', 'mine/']) {
    expect(await runDuet(['model', 'inspect', name, '--json'], {}, folder)).toMatchObject({ exitCode: 0 });
  }
  const missing = await runDuet(['model', 'inspect', 'yours'], {}, folder);
  expect(missing).toMatchObject({ exitCode: 2, stdout: '' });
  expect(missing.stderr).toMatch(/No model at yours: .*\.\/my-model.*duet model list/);
});
