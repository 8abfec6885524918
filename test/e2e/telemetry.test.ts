import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../transport/test-server.js';
import { runDuet } from './duet-process.js';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../../', import.meta.url));

/** Everywhere a library might keep things of its own, all of it new and empty, with telemetry asked for. */
async function freshHome(): Promise<{ home: string; environment: Record<string, string> }> {
  const home = await temporaryFolder();
  const temporary = join(home, 'tmp');
  await mkdir(temporary);
  const places = ['HOME', 'USERPROFILE', 'LOCALAPPDATA', 'APPDATA'].map((name) => [name, home]);
  const cache = ['CACHE', 'CONFIG', 'DATA', 'STATE'].map((name) => [`XDG_${name}_HOME`, join(home, name)]);
  const temp = ['TMPDIR', 'TEMP', 'TMP'].map((name) => [name, temporary]);
  const environment = Object.fromEntries([...places, ...cache, ...temp]) as Record<string, string>;
  return { home, environment: { ...environment, ORT_DISABLE_TELEMETRY: '0' } };
}

async function leftIn(home: string): Promise<string[]> {
  const entries = await readdir(home, { recursive: true });
  return entries.filter((name) => name !== 'tmp' && !/^tmp[/\\]tsx-/.test(name));
}

test('duet watch leaves nothing behind in the home, the caches and the temporary folder', async () => {
  const { home, environment } = await freshHome();
  const ended = await runDuet(['watch', 'street', '--json', '--max-frames', '4'], environment);
  expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
  expect(ended.stdout).toContain('"type":"frame.scored"');
  expect(await leftIn(home)).toEqual([]);
});

const loadsOnMainThread = `
  const { onnx } = await import('./server/runtime/onnx/graphs/onnx-runtime.js');
  await (await onnx.InferenceSession.create('models/duet-nano/embed.onnx')).release();
  console.log('left');`;

test.each([
  ['on the main thread', ['--input-type=module', '-e', loadsOnMainThread]],
  ['on the workers', ['test/runtime/support/run-model.ts', 'models/duet-nano', 'leaves']],
])('the library loaded %s of a tool leaves nothing behind', async (_where, args) => {
  const { home, environment } = await freshHome();
  const { stdout } = await run(process.execPath, ['--import', 'tsx', ...args], {
    cwd: repository,
    env: { ...process.env, ...environment },
  });
  expect(stdout.trim()).toBe('left');
  expect(await leftIn(home)).toEqual([]);
});

test('no program of the repository loads ONNX Runtime past the place that keeps it quiet', async () => {
  const folders = ['server', 'client', 'test', 'samples', 'models/figures'];
  const found = await Promise.all(
    folders.map(async (folder) => {
      const files = await readdir(join(repository, folder), { recursive: true });
      return files.filter((file) => file.endsWith('.ts')).map((file) => join(folder, file));
    }),
  );
  const importing: string[] = [];
  for (const file of found.flat()) {
    const text = await readFile(join(repository, file), 'utf8');
    if (/(?:from|import|require)\s*\(?\s*'onnxruntime-node'/.test(text)) importing.push(file);
  }
  expect(importing).toEqual([join('server', 'runtime', 'onnx', 'graphs', 'onnx-runtime.ts')]);
});
