import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findModel, findModelFolder, modelsFolder, placeOfFolder } from '../../server/runtime/find-model.js';

const nano = join(modelsFolder, 'duet-nano');
let folder: string;
let before: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'find-model-'));
  before = process.cwd();
  process.chdir(folder);
});

afterEach(async () => {
  process.chdir(before);
  await rm(folder, { recursive: true });
});

/** A folder that looks like a model until its files are read. */
async function modelAt(path: string): Promise<string> {
  await mkdir(path, { recursive: true });
  await cp(join(nano, 'manifest.json'), join(path, 'manifest.json'));
  return path;
}

test.each([
  ['duet-nano', nano],
  ['./duet-nano', 'duet-nano'],
  ['folder:duet-nano', 'duet-nano'],
  ['mine', 'mine'],
  ['folder:./mine', 'mine'],
])('%s is the model in %s', async (place, expected) => {
  await modelAt(join(folder, 'duet-nano'));
  await modelAt(join(folder, 'mine'));
  expect(await realpath(findModelFolder(place))).toBe(await realpath(expected));
});

test.each(['nowhere', './duet-nano', 'folder:nowhere', 'folder:', ''])('no model is at "%s"', (place) => {
  expect(() => findModelFolder(place)).toThrow(
    `No model at ${place}: give the path of a folder made by \`duet model build\``,
  );
});

test('a folder is named by its place: a bundled one by its name, any other by its path', async () => {
  const mine = await modelAt(join(folder, 'mine'));
  expect([placeOfFolder(nano), placeOfFolder('mine')]).toEqual(['duet-nano', `folder:${resolve('mine')}`]);
  expect(await realpath(findModelFolder(placeOfFolder(mine)))).toBe(await realpath(mine));
});

test('a folder that is called like a bundled model is passed over with a warning', async () => {
  await modelAt(join(folder, 'duet-nano'));
  const warnings: string[] = [];
  const { capabilities } = await findModel('duet-nano', { onWarning: (message) => warnings.push(message) });
  expect(capabilities.name).toBe('duet-nano');
  expect(warnings).toEqual(['duet-nano is the bundled model; the folder of that name here is ./duet-nano']);
});

test('what a model can do is known before it is loaded', async () => {
  const model = await findModel(await modelAt(join(folder, 'mine')), {
    onWarning: () => undefined,
  });
  const { capabilities } = model;
  expect(capabilities).toMatchObject({
    name: 'duet-nano',
    scores: ['informative', 'relevance'],
    cutBack: true,
    evict: true,
    promptLayouts: ['trained', 'reference'],
  });
  expect(capabilities.capacity).toMatchObject({ unit: 'tokens', replyToken: 1 });
  await expect(model.load(new AbortController().signal)).rejects.toMatchObject({ code: 'model_failed' });
});

test('a broken manifest is told of when the model is looked for', async () => {
  await writeFile(join(await modelAt(join(folder, 'mine')), 'manifest.json'), '{}');
  await expect(findModel('mine', { onWarning: () => undefined })).rejects.toMatchObject({
    code: 'model_failed',
  });
});

test('a model in a folder is told apart by its manifest, before it is loaded', async () => {
  const model = await findModel('duet-nano', { onWarning: () => undefined });
  expect(model.folder).toBe(join(modelsFolder, 'duet-nano'));
  expect(await model.fingerprint()).toMatch(/^[0-9a-f]{16}$/);
});

test('a model folder may be named like a file', async () => {
  await modelAt(join(folder, 'mine.json'));
  expect((await findModel('./mine.json', { onWarning: () => undefined })).capabilities.name).toBe(
    'duet-nano',
  );
});
