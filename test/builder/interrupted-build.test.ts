import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { buildModel } from '../../server/builder/build-model.js';
import { fixtureFolder } from './support/parity-fixture.js';
import { temporaryFolder } from './support/temporary-folder.js';

const checkpoint = fixtureFolder('grid');

test.each(['vision', 'decoder', 'lm_head', 'checksums'])(
  'a build cancelled during "%s" leaves nothing',
  async (step) => {
    const output = join(await temporaryFolder(), 'model');
    const controller = new AbortController();
    const build = buildModel(
      { checkpoint, precision: 'fp32', output },
      (progress) => {
        if (progress.step === step) controller.abort();
      },
      controller.signal,
    );
    await expect(build).rejects.toMatchObject({ code: 'cancelled' });
    expect(await readdir(dirname(output))).toEqual([]);
  },
);

test('a build cancelled before it begins leaves nothing', async () => {
  const output = join(await temporaryFolder(), 'model');
  const build = buildModel({ checkpoint, precision: 'fp32', output }, undefined, AbortSignal.abort());
  await expect(build).rejects.toMatchObject({ code: 'cancelled' });
  expect(await readdir(dirname(output))).toEqual([]);
});

test('a build that fails leaves the earlier model as it was', async () => {
  const output = join(await temporaryFolder(), 'model');
  await buildModel({ checkpoint, precision: 'fp32', output });
  const before = await readFile(join(output, 'manifest.json'), 'utf8');
  const controller = new AbortController();
  const second = buildModel(
    { checkpoint, precision: 'int8', output },
    ({ step }) => {
      if (step === 'embed') controller.abort();
    },
    controller.signal,
  );
  await expect(second).rejects.toMatchObject({ code: 'cancelled' });
  expect(await readFile(join(output, 'manifest.json'), 'utf8')).toBe(before);
  expect(await readdir(dirname(output))).toEqual(['model']);
});
