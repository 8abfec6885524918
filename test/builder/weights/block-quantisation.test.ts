import { expect, test } from 'vitest';
import { quantiseRows } from '../../../server/builder/weights/block-quantisation.js';

function restore({ packed, scales }: { packed: Uint8Array; scales: Float32Array }, bits: 4 | 8): number[] {
  const codes = bits === 8 ? [...packed] : [...packed].flatMap((byte) => [byte & 15, byte >> 4]);
  return codes.map((code, i) => (code - 2 ** (bits - 1)) * (scales[Math.floor(i / 32)] ?? 0));
}

test.each([4, 8] as const)('with %i bits every weight is restored to within half a step', (bits) => {
  const values = Float32Array.from({ length: 64 }, (_, i) => Math.sin(i * 1.7) * (i < 32 ? 1 : 100));
  const quantised = quantiseRows(values, 32, bits);
  restore(quantised, bits).forEach((value, i) => {
    const scale = Math.abs(quantised.scales[Math.floor(i / 32)] ?? 0);
    // The code opposite to the extreme one does not exist, so a weight of nearly the same size and opposite
    // sign may be off by a whole step.
    const limit = Math.abs(values[i] ?? 0) > (2 ** (bits - 1) - 1.5) * scale ? 1 : 0.501;
    expect(Math.abs(value - (values[i] ?? 0))).toBeLessThanOrEqual(limit * scale);
  });
});

test('the element of largest magnitude is exact', () => {
  const values = new Float32Array(32).fill(0.1);
  values[5] = -7;
  expect(restore(quantiseRows(values, 32, 4), 4)[5]).toBe(-7);
});

test('a row that ends inside a block is padded with zeros', () => {
  const quantised = quantiseRows(
    Float32Array.from({ length: 80 }, (_, i) => i + 1),
    40,
    8,
  );
  expect(quantised.scales.length).toBe(4);
  const restored = restore(quantised, 8);
  expect(restored.slice(40, 64).every((value) => value === 0)).toBe(true);
  expect(restored[39]).toBeCloseTo(40, 5);
  expect(restored[64]).toBeCloseTo(41, 0);
});

test('a block of zeros stays zero', () => {
  expect(restore(quantiseRows(new Float32Array(32), 32, 4), 4).every((value) => value === 0)).toBe(true);
});
