import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { duetCommand } from '../e2e/duet-process.js';

/** Writes down the address of every module that is loaded. */
const hook = `
import { appendFileSync } from 'node:fs';
export async function resolve(name, context, next) {
  const found = await next(name, context);
  appendFileSync(process.env.LOADED_MODULES, found.url + '\\n');
  return found;
}`;
const registration = `import { register } from 'node:module'; register('./hook.mjs', import.meta.url);`;

/**
 * The packages of others that a command loads, told by the modules themselves and not by the time they take.
 */
async function packagesOf(...args: readonly string[]): Promise<Set<string>> {
  const folder = mkdtempSync(join(tmpdir(), 'duet-loaded-'));
  try {
    writeFileSync(join(folder, 'hook.mjs'), hook);
    writeFileSync(join(folder, 'register.mjs'), registration);
    const loaded = join(folder, 'loaded.txt');
    writeFileSync(loaded, '');
    const register = pathToFileURL(join(folder, 'register.mjs')).href;
    await promisify(execFile)(process.execPath, ['--import', register, duetCommand, ...args], {
      env: { ...process.env, LOADED_MODULES: loaded },
    });
    const names = readFileSync(loaded, 'utf8').matchAll(/node_modules\/((?:@[^/\n]+\/)?[^/\n]+)/g);
    return new Set(Array.from(names, ([, name = '']) => name));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const light = ['commander', 'zod'];

test.each([[['--help']], [['--version']], [['serve', '--help']], [['model', '--help']], [['help', 'bench']]])(
  'duet %j loads no library but those that read the command line',
  async (args) => {
    expect([...(await packagesOf(...args))].sort()).toEqual(light);
  },
);

test.each([['watch'], ['bench'], ['score'], ['judge'], ['compare'], ['config']])(
  'duet %s --help loads none of the large libraries',
  async (command) => {
    const packages = await packagesOf(command, '--help');
    const large = ['bullmq', 'ioredis', 'openai', 'sharp', 'onnxruntime-node', 'express', 'onnx-proto', 'ws'];
    expect(large.filter((name) => packages.has(name))).toEqual([]);
  },
);

test('watching a video loads nothing that only a server needs', async () => {
  const packages = await packagesOf('watch', 'street', '--max-frames', '1');
  expect(packages.has('fluent-ffmpeg')).toBe(true);
  const served = ['express', 'helmet', 'compression', 'multer', 'ws', 'sharp'];
  expect(served.filter((name) => packages.has(name))).toEqual([]);
});

test('scoring loads no queue, no client of a judge and no runtime unless it is asked for one', async () => {
  const golden = new URL('../golden/magqa/', import.meta.url).pathname;
  const files = ['--pred', join(golden, 'pred.jsonl'), '--gold', join(golden, 'gold.json')];
  const packages = await packagesOf('score', 'magqa', ...files, '--judge', 'lexical');
  expect(['bullmq', 'openai', 'sharp', 'onnxruntime-node'].filter((name) => packages.has(name))).toEqual([]);
});
