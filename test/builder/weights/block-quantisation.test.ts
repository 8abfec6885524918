import { expect, test } from 'vitest';
import { quantiseBlocks } from '../../../server/builder/weights/block-quantisation.js';

function restore({ codes, scales }: { codes: Uint8Array; scales: Float32Array }): number[] {
  const halves = [...codes].flatMap((byte) => [byte & 15, byte >> 4]);
  return halves.map((code, i) => (code - 8) * (scales[Math.floor(i / 32)] ?? 0));
}

test('every weight is restored to within half a step', () => {
  const values = Float32Array.from({ length: 64 }, (_, i) => Math.sin(i * 1.7) * (i < 32 ? 1 : 100));
  const quantised = quantiseBlocks(values, 32);
  restore(quantised).forEach((value, i) => {
    const scale = Math.abs(quantised.scales[Math.floor(i / 32)] ?? 0);
    // The code opposite to the extreme one does not exist, so a weight of nearly the same size and opposite
    // sign may be off by a whole step.
    const limit = Math.abs(values[i] ?? 0) > 6.5 * scale ? 1 : 0.501;
    expect(Math.abs(value - (values[i] ?? 0))).toBeLessThanOrEqual(limit * scale);
  });
});

test('the element of largest magnitude is exact', () => {
  const values = new Float32Array(32).fill(0.1);
  values[5] = -7;
  expect(restore(quantiseBlocks(values, 32))[5]).toBe(-7);
});

test('a row that ends inside a block is padded with zeros', () => {
  const quantised = quantiseBlocks(
    Float32Array.from({ length: 80 }, (_, i) => i + 1),
    40,
  );
  expect(quantised.scales.length).toBe(4);
  const restored = restore(quantised);
  expect(restored.slice(40, 64).every((value) => value === 0)).toBe(true);
  expect(restored[39]).toBeCloseTo(40, 5);
  expect(Math.abs((restored[64] ?? NaN) - 41)).toBeLessThan(5);
});

test('a block of zeros stays zero', () => {
  expect(restore(quantiseBlocks(new Float32Array(32), 32)).every((value) => value === 0)).toBe(true);
});
