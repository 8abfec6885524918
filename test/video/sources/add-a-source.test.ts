import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import sharp from 'sharp';
import { expect, onTestFinished, test } from 'vitest';

import { SourceHandler } from '../../../server/video/sources/handler.js';
import type { HandledSource } from '../../../server/video/sources/handled-source.js';
import { compileInPlace } from '../../support/compile-in-place.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const page = await readFile(join(root, 'docs', 'add-a-source.md'), 'utf8');
const [, example = ''] = /```ts\n(.*?)```/s.exec(page) ?? [];
const changes = [...page.matchAll(/```diff\n(.*?)```/gs)].map(([, text = '']) => text).join('');
const placed = join(root, 'server/video/sources/picture-folder.ts');

/** The files that the page changes, with its changes applied. */
async function changedFiles(): Promise<ReadonlyMap<string, string>> {
  const files = new Map([[placed, example]]);
  for (const part of changes.split(/^\+\+\+ /m).slice(1)) {
    const path = join(root, part.slice(0, part.indexOf('\n')));
    let text = await readFile(path, 'utf8');
    for (const hunk of part.slice(part.indexOf('\n') + 1).matchAll(/^ (.*\n)((?:\+.*\n)+)/gm)) {
      const [, before = '', added = ''] = hunk;
      expect(text.split(`\n${before}`), `${path} has the line ${before}`).toHaveLength(2);
      text = text.replace(before, () => before + added.replaceAll(/^\+/gm, ''));
    }
    files.set(path, text);
  }
  return files;
}

test('the whole example is one file and a few lines, less than 100 lines in total', () => {
  expect(example).toContain("SourceKind<'folder'>");
  expect(example.split('\n').length + changes.split('\n').length).toBeLessThan(100);
});

test('the file and the lines compile in place, as strictly as the rest', async () => {
  const changed = await changedFiles();
  expect(changed.size).toBe(5);
  const dependents = [join(root, 'server/transport/sessions/source-opener.ts')];
  expect(compileInPlace(root, changed, dependents)).toEqual([]);
}, 60_000);

test('a folder of pictures is played by the handler, and can be paused like any other source', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'add-a-source-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, background] of Object.entries({ 'b.png': 'white', 'a.png': 'black', 'c.txt': 'red' })) {
    const picture = sharp({ create: { width: 8, height: 4, channels: 3, background } });
    await writeFile(join(folder, name), await picture.png().toBuffer());
  }
  const { folderSource } = await exampleModule(folder);
  await using handler = await SourceHandler.open({
    source: { type: 'pictures' },
    options: { fps: 2, side: 8, pacing: 'fast', name: 'folder' },
    open: (_source, options, signal) => folderSource.open({ type: 'folder', path: folder }, options, signal),
  });
  expect(handler.info).toMatchObject({ duration: 1, live: false });
  handler.pause();
  expect(handler.state.type).toBe('paused');
  handler.resume();
  const frames = [];
  for await (const { videoTime, picture } of handler) frames.push([videoTime, picture.rgb[8 * 4 * 3]]);
  expect(frames).toEqual([
    [0, 0],
    [0.5, 255],
  ]);
});

interface Example {
  readonly folderSource: {
    open(
      source: { type: 'folder'; path: string },
      ...rest: Parameters<NonNullable<HandledSource['open']>> extends [unknown, ...infer Rest] ? Rest : never
    ): ReturnType<NonNullable<HandledSource['open']>>;
  };
}

/** The page's module, rewritten to import the same modules from elsewhere. */
async function exampleModule(folder: string): Promise<Example> {
  const file = join(folder, 'picture-folder.ts');
  const text = example.replaceAll(
    /from '(\.[^']+)'/g,
    (_, target: string) => `from '${join(dirname(placed), target)}'`,
  );
  await writeFile(file, text);
  return (await import(pathToFileURL(file).href)) as Example;
}
