import { appendFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { listModels } from '../../../server/runtime/folder/model-list.js';
import { readModelFolder } from '../../../server/runtime/folder/model-folder.js';
import { ParityModels } from '../support/parity-models.js';

let models: ParityModels;
let built: string;
let path: string;

beforeAll(async () => {
  models = await ParityModels.create();
  built = await models.build('grid');
});

afterAll(() => models[Symbol.asyncDispose]());

beforeEach(async () => {
  path = join(built, '..', 'altered');
  await rm(path, { recursive: true, force: true });
  await cp(built, path, { recursive: true });
});

async function changeManifest(change: (manifest: Record<string, unknown>) => void): Promise<void> {
  const file = join(path, 'manifest.json');
  const manifest = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  change(manifest);
  await writeFile(file, JSON.stringify(manifest));
}

test('a complete folder is read with its size', async () => {
  const folder = await readModelFolder(path);
  expect(folder.manifest.tokensPerFrame).toBe(9);
  const sizes = Object.values(folder.manifest.files).map((file) => file.bytes);
  expect(folder.bytes).toBe(sizes.reduce((sum, bytes) => sum + bytes));
});

describe('a damaged folder is refused with file, expectation, finding and remedy', () => {
  const weights = 'decoder.onnx.data';
  test.each<[string, () => Promise<void>, RegExp]>([
    [
      'a missing file',
      () => rm(join(path, weights)),
      /decoder\.onnx\.data is missing .* \d+ bytes; build or download/,
    ],
    [
      'a file that grew',
      () => appendFile(join(path, weights), 'x'),
      /decoder\.onnx\.data has \d+ bytes where .* \d+;/,
    ],
    [
      'a flipped bit',
      async () => {
        const bytes = await readFile(join(path, weights));
        bytes[1000] = (bytes[1000] ?? 0) ^ 1;
        await writeFile(join(path, weights), bytes);
      },
      /decoder\.onnx\.data was altered: its sha256 is [0-9a-f]{64} where the manifest says [0-9a-f]{64};/,
    ],
    ['no manifest', () => rm(join(path, 'manifest.json')), /manifest\.json could not be read/],
    [
      'a manifest that is no JSON',
      () => writeFile(join(path, 'manifest.json'), '{'),
      /could not be read as JSON/,
    ],
    ['a missing field', () => changeManifest((manifest) => delete manifest.tokensPerFrame), /tokensPerFrame/],
    [
      'another format version',
      () => changeManifest((manifest) => (manifest.formatVersion = 2)),
      /not a model manifest of format 1/,
    ],
    [
      'a graph that is not listed',
      () => changeManifest((manifest) => delete (manifest.files as Record<string, unknown>)['vision.onnx']),
      /does not list vision\.onnx/,
    ],
    [
      'a file outside the folder',
      () =>
        changeManifest((manifest) => {
          (manifest.files as Record<string, unknown>)['../secret'] = { bytes: 1, sha256: '0'.repeat(64) };
        }),
      /lists "\.\.\/secret", which is not a plain file name/,
    ],
  ])('%s', async (_, damage, message) => {
    await damage();
    await expect(readModelFolder(path)).rejects.toMatchObject({
      name: 'DuetError',
      code: 'model_failed',
      message: expect.stringMatching(message) as string,
    });
  });
});

test('comparing sizes only does not see a flipped bit', async () => {
  const file = join(path, 'lm_head.onnx.data');
  const bytes = await readFile(file);
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  await writeFile(file, bytes);
  await readModelFolder(path, 'sizes');
  await expect(readModelFolder(path, 'hashes')).rejects.toThrow('was altered');
});

test('checking stops when it is aborted', async () => {
  await expect(readModelFolder(path, 'hashes', AbortSignal.abort())).rejects.toMatchObject({
    code: 'cancelled',
  });
});

test('models are listed with name, version, precision and size, broken ones with their problem', async () => {
  const root = join(built, '..', 'root');
  await mkdir(join(root, 'broken'), { recursive: true });
  await mkdir(join(root, 'no-model'), { recursive: true });
  await writeFile(join(root, 'broken', 'manifest.json'), '{}');
  await cp(built, join(root, 'whole'), { recursive: true });
  const { bytes } = await readModelFolder(built);
  const found = await listModels([root, join(root, 'missing'), join(root, 'whole')]);
  expect(found).toEqual([
    {
      type: 'broken',
      path: join(root, 'broken'),
      problem: expect.stringContaining('not a model manifest') as string,
    },
    expect.objectContaining({
      type: 'model',
      path: join(root, 'whole'),
      name: 'grid',
      precision: 'fp32',
      bytes,
    }),
  ]);
});
