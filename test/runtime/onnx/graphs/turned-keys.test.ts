import { expect, test } from 'vitest';
import { KeyValueCache } from '../../../../server/runtime/onnx/graphs/cache.js';

const shape = { layers: 1, keyValueHeads: 1, headSize: 4, ropeTheta: 100, maxRows: 4_000 };

/** Row number `id` as it is before the rotary embedding. */
const unrotated = (id: number) => [Math.sin(id), Math.cos(3 * id), Math.sin(7 * id + 1), 0.1 * id];

function rotated(id: number, position: number): number[] {
  const [a = 0, b = 0, c = 0, d = 0] = unrotated(id);
  const [fast, slow] = [position, position / 10];
  return [
    a * Math.cos(fast) - c * Math.sin(fast),
    b * Math.cos(slow) - d * Math.sin(slow),
    c * Math.cos(fast) + a * Math.sin(fast),
    d * Math.cos(slow) + b * Math.sin(slow),
  ];
}

function append(cache: KeyValueCache, ids: readonly number[]): void {
  const first = cache.nextPosition;
  const keys = Float32Array.from(ids.flatMap((id, index) => rotated(id, first + index)));
  cache.append(ids.length, [keys, Float32Array.from(ids.flatMap((id) => [id, id, id, id]))]);
}

/** The largest difference from the keys of `ids`, rotated for the places where they stand. */
function error(cache: KeyValueCache, ids: readonly number[]): number {
  const expected = ids.flatMap(rotated);
  return Math.max(...[...cache.rows(0)].map((value, index) => Math.abs(value - (expected[index] ?? NaN))));
}

const values = (cache: KeyValueCache) => [...cache.rows(1)].filter((_, index) => index % 4 === 0);

test('dropped rows are gone from every slot, and the keys behind them are turned to where they stand', () => {
  const cache = new KeyValueCache(shape);
  append(cache, [0, 1, 2, 3, 4, 5, 6, 7]);
  cache.drop([
    { from: 1, to: 3 },
    { from: 5, to: 6 },
  ]);
  expect(values(cache)).toEqual([0, 3, 4, 6, 7]);
  expect(error(cache, [0, 3, 4, 6, 7])).toBeLessThan(1e-6);
  append(cache, [8, 9]);
  cache.cutBackTo(6);
  append(cache, [10]);
  cache.drop([{ from: 0, to: 2 }]);
  expect(values(cache)).toEqual([4, 6, 7, 8, 10]);
  expect(error(cache, [4, 6, 7, 8, 10])).toBeLessThan(1e-6);
});

test('rows that move thousands of times are as exact as rows that move once', () => {
  const cache = new KeyValueCache(shape);
  append(
    cache,
    Array.from({ length: 3_000 }, (_, id) => id),
  );
  for (let round = 0; round < 2_990; round++) cache.drop([{ from: 0, to: 1 }]);
  const left = [2990, 2991, 2992, 2993, 2994, 2995, 2996, 2997, 2998, 2999];
  const once = new KeyValueCache(shape);
  append(
    once,
    Array.from({ length: 3_000 }, (_, id) => id),
  );
  once.drop([{ from: 0, to: 2_990 }]);
  expect(values(cache)).toEqual(left);
  expect([...cache.rows(0)]).toEqual([...once.rows(0)]);
  // Keys are about 300 here and were rotated in single precision for positions up to 3000.
  expect(error(cache, left)).toBeLessThan(1e-4);
});

test('with original positions keys stay as they are, and the next row goes on counting', () => {
  const cache = new KeyValueCache(shape, 'original');
  append(cache, [0, 1, 2, 3]);
  const before = [...cache.rows(0).subarray(12)];
  cache.drop([{ from: 1, to: 3 }]);
  expect([...cache.rows(0).subarray(4)]).toEqual(before);
  expect([cache.length, cache.nextPosition]).toEqual([2, 4]);
});

test('its memory grows once by the keys it remembers, and then no more', () => {
  const cache = new KeyValueCache(shape);
  append(cache, [0, 1, 2, 3]);
  const before = cache.bytes;
  cache.drop([{ from: 0, to: 1 }]);
  const after = cache.bytes;
  expect(after / before).toBeCloseTo(1.5 + 1 / 8, 2);
  for (let round = 0; round < 500; round++) {
    append(cache, [round, round + 1]);
    cache.drop([{ from: 1, to: 3 }]);
  }
  expect(cache.bytes).toBe(after);
});
