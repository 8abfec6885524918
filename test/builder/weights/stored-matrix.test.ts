import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { WeightSource } from '../../../server/builder/checkpoint/weight-source.js';
import { storeMatrix } from '../../../server/builder/weights/stored-matrix.js';
import { WeightFile } from '../../../server/builder/weights/weight-file.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const matrix = { names: ['model.layers.0.weight'], rows: 2, columns: 2 };

function weights(...values: readonly number[]): WeightSource {
  const read = (_: string, start: number, count: number) =>
    Promise.resolve(Float32Array.from(values.slice(start, start + count)));
  return { names: new Set(matrix.names), shape: () => [2, 2], type: () => 'F32', read };
}

test.each([70_000, -70_000, Infinity])('a weight of %f is refused in float16, by name', async (value) => {
  await using file = await WeightFile.create(join(await temporaryFolder(), 'large.data'));
  await expect(storeMatrix(file, weights(1, 2, value, 4), matrix, 'fp16')).rejects.toThrow(
    '"model.layers.0.weight" holds values too large for float16; build with precision fp32.',
  );
});

test('the largest float16 is stored', async () => {
  await using file = await WeightFile.create(join(await temporaryFolder(), 'fits.data'));
  expect(await storeMatrix(file, weights(1, 2, 65_504, -65_504), matrix, 'fp16')).toMatchObject({
    type: 'dense',
    tensor: { type: 'float16', bytes: 8 },
  });
});
