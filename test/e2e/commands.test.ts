import { execFile } from 'node:child_process';
import { appendFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../transport/test-server.js';
import { duetCommand, runDuet } from './duet-process.js';

/** A tiny random checkpoint in the layout of the real ones. */
const checkpoint = fileURLToPath(new URL('../golden/parity/grid', import.meta.url));

test.each([
  [[]],
  [['serve']],
  [['watch']],
  [['config']],
  [['model']],
  [['model', 'build']],
  [['model', 'inspect']],
  [['model', 'list']],
  [['bench']],
  [['bench', 'worker']],
  [['judge']],
  [['score']],
  [['compare']],
])('duet %s --help shows an example and exits with 0', async (command) => {
  const { exitCode, stdout, stderr } = await runDuet([...command, '--help']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatch(/Examples?:\n {2}(DUET_PORT=9000 )?duet /);
});

test.each([
  [['caption', 'a.mp4', '-o', '']],
  [['model', 'build', 'checkpoint', '-o', ' ']],
  [['model', 'fold', 'checkpoint', '--output=']],
  [['watch', '--record', '']],
])('duet %j does not take the working folder for a folder without a name', async (args) => {
  const { exitCode, stderr } = await runDuet(args);
  expect([exitCode, stderr.includes('it is empty; for the working folder write .')]).toEqual([2, true]);
});

test('a command in a folder that was deleted says so', async () => {
  const folder = await temporaryFolder();
  const run = promisify(execFile)('sh', [
    '-c',
    `cd ${folder} && rmdir ${folder} && "$0" "$1" config`,
    process.execPath,
    duetCommand,
  ]);
  await expect(run).rejects.toMatchObject({
    code: 1,
    stderr: 'duet: the working folder was deleted or moved: change to one that is there\n',
  });
});

test('duet config prints flags over environment over file over defaults', async () => {
  const file = join(await temporaryFolder(), 'duet.config.json');
  await writeFile(file, JSON.stringify({ host: '::1', port: 1, workers: 1 }));
  const environment = { DUET_CONFIG: file, DUET_PORT: '2', DUET_WORKERS: '2' };
  const { exitCode, stdout } = await runDuet(['config', '--workers', '3'], environment);
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ host: '::1', port: 2, workers: 3, maxSessions: 8 });
});

test('duet model list and inspect know the bundled model', async () => {
  const list = await runDuet(['model', 'list', '--json']);
  const names = list.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { name: string });
  expect(names).toContainEqual(expect.objectContaining({ name: 'duet-nano' }));
  const inspection = await runDuet(['model', 'inspect']);
  expect(inspection.exitCode).toBe(0);
  expect(inspection.stdout).toMatch(/decoder\.onnx +[\d.]+ MB +good/);
});

test('duet model build makes a model that can be watched with; a missing or altered file of it is named', async () => {
  const folder = join(await temporaryFolder(), 'model');
  const built = await runDuet(['model', 'build', checkpoint, '-o', folder]);
  expect(built).toMatchObject({ exitCode: 0, stderr: '' });
  expect(built.stdout).toContain(`${folder}: `);
  const watch = ['watch', 'kitchen', '--model', folder, '--max-frames', '2'];
  expect((await runDuet(watch)).exitCode).toBe(0);

  await appendFile(join(folder, 'vision.onnx'), 'x');
  const inspection = await runDuet(['model', 'inspect', folder]);
  expect(inspection.exitCode).toBe(1);
  expect(inspection.stderr).toMatch(/^duet: [^\n]*vision\.onnx[^\n]*\n$/);
  const altered = await runDuet(watch);
  expect(altered).toMatchObject({ exitCode: 1, stdout: '' });
  expect(altered.stderr).toMatch(/^duet: [^\n]*vision\.onnx[^\n]*\n$/);

  await rm(join(folder, 'decoder.onnx'));
  const missing = await runDuet(watch);
  expect(missing).toMatchObject({ exitCode: 1, stdout: '' });
  expect(missing.stderr).toMatch(/^duet: [^\n]*decoder\.onnx[^\n]*\n$/);
});

test('npx finds the command of the checked-out package', async () => {
  const { stdout } = await promisify(execFile)('npx', ['--offline', 'duet', '--version'], {
    encoding: 'utf8',
  });
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});
