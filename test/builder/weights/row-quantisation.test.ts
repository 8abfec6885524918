import { expect, test } from 'vitest';
import { quantiseRows } from '../../../server/builder/weights/row-quantisation.js';

function restore({ codes, scales }: { codes: Uint8Array; scales: Float32Array }, width: number): number[] {
  const signed = new Int8Array(codes.buffer);
  return Array.from(signed, (code, i) => code * (scales[Math.floor(i / width)] ?? NaN));
}

test('every weight is restored to within half a step of its row', () => {
  const width = 40;
  const values = Float32Array.from({ length: 3 * width }, (_, i) => Math.sin(i * 1.7) * 10 ** (i / width));
  const quantised = quantiseRows(values, width);
  expect(quantised.scales).toHaveLength(3);
  restore(quantised, width).forEach((value, i) => {
    const step = quantised.scales[Math.floor(i / width)] ?? 0;
    expect(Math.abs(value - (values[i] ?? 0))).toBeLessThanOrEqual(0.501 * step);
  });
});

test('the largest magnitude takes the last code, on either side', () => {
  const { codes, scales } = quantiseRows(Float32Array.of(1, -12.7, 0, 12.7), 4);
  expect([...new Int8Array(codes.buffer)]).toEqual([10, -127, 0, 127]);
  expect(scales[0]).toBeCloseTo(0.1, 6);
});

test('a row of zeros stays zero', () => {
  expect(restore(quantiseRows(new Float32Array(8), 4), 4)).toEqual(new Array(8).fill(0));
});
