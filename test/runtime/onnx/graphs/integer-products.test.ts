import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { integerProductsOverflow } from '../../../../server/runtime/onnx/graphs/integer-products.js';

test('a processor with VNNI counts exactly by itself', async () => {
  const description = await readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  const overflows = await integerProductsOverflow();
  expect(await integerProductsOverflow()).toBe(overflows);
  if (/\bavx512_vnni\b|\bavx_vnni\b/.test(description)) expect(overflows).toBe(false);
});
