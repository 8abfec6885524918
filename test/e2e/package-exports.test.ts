import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { loadConfig, modelPlaces } from '../../server/config.js';
import type * as duet from '../../server/index.js';
import { packageFolder } from '../../server/package-folder.js';
import type * as benchmarks from '../../server/scoring/index.js';
import type * as video from '../../server/video/open-video.js';

const manifest = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as {
  readonly exports: Readonly<Record<string, string>>;
  readonly files: readonly string[];
};

const entries: readonly (readonly [name: string, exports: readonly string[]])[] = [
  ['duet', ['DuetError', 'loadConfig', 'startServer'] satisfies (keyof typeof duet)[]],
  ['duet/benchmarks', ['findBenchmark', 'runBenchmark'] satisfies (keyof typeof benchmarks)[]],
  ['duet/video', ['openVideo'] satisfies (keyof typeof video)[]],
  ['duet/dist/server/video/open-video.js', ['openVideo']],
];

test('what is built can be imported by its name', async () => {
  const imports = entries.map(([name]) => `Object.keys(await import('${name}')).sort()`);
  const program = `console.log(JSON.stringify([${imports.join()}]))`;
  const args = ['--input-type=module', '-e', program];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: packageFolder });
  expect(JSON.parse(stdout)).toEqual(entries.map(([, names]) => names));
});

test('what is exported and what is packed lies where the build puts it', () => {
  const places = [...Object.values(manifest.exports), ...manifest.files.filter((file) => !/[!*]/.test(file))];
  expect(places.filter((place) => !existsSync(join(packageFolder, place)))).toEqual([]);
});

test('the models that a server watches with by default are packed, and are in the image', async () => {
  const models = modelPlaces(await loadConfig()).map((name) => `models/${name}`);
  expect(models).not.toEqual([]);
  expect(manifest.files).toEqual(expect.arrayContaining(models));
  const [, moved = ''] =
    /mv (.*) \/opt\/duet\/models\//.exec(readFileSync(join(packageFolder, 'deploy/Dockerfile'), 'utf8')) ??
    [];
  expect(moved.split(' ')).toEqual(expect.arrayContaining(models));
});

test('the packed server holds no tests, no training and no checkpoint', () => {
  expect(manifest.files).toContain('!models/duet-nano/checkpoint');
  expect(manifest.files.filter((file) => /^(test|models(\/training)?|client|\*)$/.test(file))).toEqual([]);
});

test('the runtime that is packed along has no install script, since a network would be asked', () => {
  const path = join(packageFolder, 'node_modules', 'onnxruntime-node', 'package.json');
  expect(readFileSync(path, 'utf8')).not.toContain('"postinstall"');
});
