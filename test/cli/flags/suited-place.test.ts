import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { suitedPlace } from '../../../server/cli/flags/suited-place.js';
import { modelsFolder } from '../../../server/runtime/find-model.js';
import { readManifest } from '../../../server/runtime/folder/model-folder.js';
import type { Footage } from '../../../server/settings/footage.js';

const folder = await mkdtemp(join(tmpdir(), 'duet-suited-'));
const places: Record<string, string> = {};

/** Folders whose manifests differ in the pictures that the model was made for. */
beforeAll(async () => {
  const nano = await readManifest(join(modelsFolder, 'duet-nano'));
  for (const [name, footage] of [
    ['drawn', 'rendered'],
    ['drawn-too', 'rendered'],
    ['world', 'real'],
  ] as const) {
    const path = join(folder, name);
    await mkdir(path);
    await writeFile(join(path, 'manifest.json'), JSON.stringify({ ...nano, name, about: { footage } }));
    await copyFile(join(modelsFolder, 'duet-nano', 'tokenizer.json'), join(path, 'tokenizer.json'));
    places[name] = path;
  }
});

afterAll(() => rm(folder, { recursive: true }));

test.each<[readonly string[], Footage, string]>([
  [['drawn', 'world'], 'real', 'world'],
  [['drawn', 'world'], 'rendered', 'drawn'],
  [['world', 'drawn', 'drawn-too'], 'rendered', 'drawn'],
  [['world', 'drawn'], 'real', 'world'],
  [['drawn-too', 'drawn'], 'real', 'drawn-too'],
  [['world'], 'rendered', 'world'],
])('of %j, a video that shows the %s world is watched by %s', async (names, footage, suited) => {
  const model = names.map((name) => places[name] ?? '');
  expect(await suitedPlace({ model }, footage)).toBe(places[suited]);
});

test('a single model is taken at its word, and one of several that is missing is named', async () => {
  expect(await suitedPlace({ model: './nowhere' }, 'real')).toBe('./nowhere');
  const several = suitedPlace({ model: [places['world'] ?? '', './nowhere'] }, 'real');
  await expect(several).rejects.toThrow('No model at ./nowhere');
});
