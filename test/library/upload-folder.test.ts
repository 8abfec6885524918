import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import ts from 'typescript';
import { expect, onTestFinished, test } from 'vitest';
import { sweepUploadFolders, UploadFolder } from '../../server/library/upload-folder.js';
import { temporaryFolder } from '../transport/test-server.js';

/** Creates temporary folders inside a folder of the test's own. */
async function temporaryRoot(): Promise<string> {
  const before = process.env['TMPDIR'];
  const root = await temporaryFolder();
  process.env['TMPDIR'] = root;
  onTestFinished(() => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  });
  return root;
}

/** A process that has created a folder and put a file into it. */
async function owner(): Promise<{ kill: () => Promise<void>; folder: string }> {
  const source = fileURLToPath(new URL('../../server/library/upload-folder.ts', import.meta.url));
  const program = `
    const { writeFileSync } = await import('node:fs');
    const { UploadFolder } = await import(${JSON.stringify(source)});
    const folder = await UploadFolder.create();
    writeFileSync(folder.path + '/video.mp4', 'x');
    console.log(folder.path);
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program]);
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { kill, folder: dirname(line.toString().trim()) };
}

test('folders left by killed processes are deleted, those of running ones are not', async () => {
  const root = await temporaryRoot();
  const [killed, running] = [await owner(), await owner()];
  await using own = await UploadFolder.create();
  expect(await sweepUploadFolders()).toBe(0);
  await killed.kill();
  expect(await sweepUploadFolders()).toBe(1);
  expect(existsSync(killed.folder)).toBe(false);
  expect(await readdir(join(running.folder, 'files'))).toEqual(['video.mp4']);
  expect(existsSync(own.path)).toBe(true);
  await running.kill();
  expect(await sweepUploadFolders()).toBe(1);
  // The other process leaves files of its own there.
  expect((await readdir(root)).filter((name) => name.startsWith('duet-'))).toHaveLength(1);
});

test('a folder without an owner is kept for a day, since a process may just be creating it', async () => {
  const root = await temporaryRoot();
  const folder = join(root, 'duet-uploads-abc123');
  await mkdir(folder);
  await writeFile(join(root, 'duet-uploads-file'), '');
  await mkdir(join(root, 'other'));
  expect(await sweepUploadFolders()).toBe(0);
  const longAgo = new Date(Date.now() - 2 * 86_400_000);
  await utimes(folder, longAgo, longAgo);
  expect(await sweepUploadFolders()).toBe(1);
  expect((await readdir(root)).sort()).toEqual(['duet-uploads-file', 'other']);
});

test('a folder is gone when its process ends', async () => {
  const root = await temporaryRoot();
  const folder = await UploadFolder.create();
  await writeFile(join(folder.path, 'video.mp4'), 'x');
  await folder[Symbol.asyncDispose]();
  expect(await readdir(root)).toEqual([]);
});

/**
 * The sweep compiled into a folder, to be run by Node alone: a loader of TypeScript would look at files too.
 */
async function compileSweep(folder: string): Promise<void> {
  const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
  for (const file of ['make-folder', 'owner-socket', 'library/upload-folder']) {
    const source = await readFile(new URL(`../../server/${file}.ts`, import.meta.url), 'utf8');
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, `${file}.js`), ts.transpile(source, options));
  }
}

test('modules of a linked node_modules can be loaded after the folder of a killed process was deleted', async () => {
  const root = await temporaryRoot();
  const killed = await owner();
  await killed.kill();
  // Then its socket is the last that is looked at.
  await rm(join(killed.folder, 'files/video.mp4'));
  for (const name of ['first', 'second']) {
    await mkdir(join(root, 'kept/node_modules', name), { recursive: true });
    await writeFile(join(root, 'kept/node_modules', name, 'index.js'), 'module.exports = () => 1;');
    await writeFile(join(root, 'kept/node_modules', name, 'package.json'), '{}');
  }
  await compileSweep(join(root, 'copy'));
  await symlink(join(root, 'kept/node_modules'), join(root, 'copy/node_modules'), 'junction');
  const program = `
    import { sweepUploadFolders } from './library/upload-folder.js';
    import first from 'first';
    const count = await sweepUploadFolders();
    console.log(typeof first, count, typeof (await import('second')).default);`;
  await writeFile(join(root, 'copy/package.json'), '{"type":"module"}');
  await writeFile(join(root, 'copy/main.js'), program);
  const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'copy/main.js')]);
  expect(stdout.trim()).toBe('function 1 function');
});
