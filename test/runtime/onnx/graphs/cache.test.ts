import { expect, test } from 'vitest';
import { cacheSlots, KeyValueCache } from '../../../../server/runtime/onnx/graphs/cache.js';

const shape = { layers: 2, keyValueHeads: 2, headSize: 3, ropeTheta: 10_000, maxRows: 5_000 };

/** Appends rows whose every number tells the slot and the row's number. */
function append(cache: KeyValueCache, count: number, from = cache.length): void {
  const rows = Array.from({ length: 8 }, (_, slot) =>
    Float32Array.from(
      { length: count * shape.headSize },
      (_, index) => slot * 10_000 + from + Math.floor(index / 3),
    ),
  );
  cache.append(count, rows);
}

function rowNumbers(cache: KeyValueCache, slot: number): number[] {
  const rows = cache.rows(slot);
  return Array.from({ length: cache.length }, (_, row) => (rows[row * 3] ?? NaN) - slot * 10_000);
}

test('a cache holds key and value rows of every layer and head in order, over several growths', () => {
  const cache = new KeyValueCache(shape);
  for (const count of [1, 510, 1, 1, 700, 1, 2000]) append(cache, count);
  expect(cache.length).toBe(3214);
  for (let slot = 0; slot < 8; slot++) {
    expect(rowNumbers(cache, slot)).toEqual(Array.from({ length: 3214 }, (_, row) => row));
  }
});

test('slots go layer by layer, head by head, key before value', () => {
  expect(cacheSlots(shape).slice(0, 5)).toEqual([
    { part: 'key', layer: 0, head: 0 },
    { part: 'value', layer: 0, head: 0 },
    { part: 'key', layer: 0, head: 1 },
    { part: 'value', layer: 0, head: 1 },
    { part: 'key', layer: 1, head: 0 },
  ]);
});

test('cutting back forgets the rows behind, and new rows take their place', () => {
  const cache = new KeyValueCache(shape);
  append(cache, 600);
  cache.cutBackTo(10);
  append(cache, 3, 900);
  expect(rowNumbers(cache, 5)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 900, 901, 902]);
  cache.cutBackTo(0);
  expect(cache.rows(0)).toHaveLength(0);
});

test('a full cache refuses more rows and stays as it was', () => {
  const cache = new KeyValueCache({ ...shape, maxRows: 100 });
  append(cache, 99);
  expect(() => {
    append(cache, 2);
  }).toThrow(expect.objectContaining({ code: 'context_full' }) as Error);
  expect(cache.length).toBe(99);
  append(cache, 1);
  expect(rowNumbers(cache, 7)).toHaveLength(100);
});

test.each([-1, 4, 1.5, Number.NaN])('a cache of 3 rows refuses to be cut back to %s', (length) => {
  const cache = new KeyValueCache(shape);
  append(cache, 3);
  expect(() => {
    cache.cutBackTo(length);
  }).toThrow('cannot be cut back');
});
