import { expect, test } from 'vitest';

import { fuzzContainers } from './containers.js';

test('damaged videos give frames in order or are refused in words, and in time', async () => {
  const result = await fuzzContainers(42, 7);
  expect(result.faults).toEqual([]);
  expect(result).toMatchObject({ files: 42 });
  // The damage is neither so light that nothing breaks nor so heavy that nothing plays.
  expect(result.played).toBeGreaterThan(10);
  expect(result.refused).toBeGreaterThan(5);
});
