import { expect, test } from 'vitest';
import { narrowToHalf, widen } from '../../../server/runtime/tensors/element-type.js';

test('every float16 survives widening and narrowing', () => {
  const halves = Uint16Array.from({ length: 65_536 }, (_, bits) => bits);
  const back = narrowToHalf(widen(new Uint8Array(halves.buffer), 'F16'));
  const isNan = (bits: number) => (bits & 0x7c00) === 0x7c00 && (bits & 0x3ff) !== 0;
  expect(halves.every((bits, i) => back[i] === bits || (isNan(bits) && isNan(back[i] ?? 0)))).toBe(true);
});

test.each([
  [1, 0x3c00],
  [-2, 0xc000],
  [65_504, 0x7bff],
  [2 ** -24, 0x0001],
  [6.103515625e-5, 0x0400],
])('float16 %f has the bits of the standard', (value, bits) => {
  expect([...narrowToHalf(Float32Array.of(value))]).toEqual([bits]);
  expect([...widen(new Uint8Array(Uint16Array.of(bits).buffer), 'F16')]).toEqual([value]);
});

test('narrowing to float16 rounds to nearest, ties to even, and overflows to infinity', () => {
  const ulp = 2 ** -10;
  const values = Float32Array.of(
    1 + ulp / 2,
    1 + 1.5 * ulp,
    1 + 0.51 * ulp,
    65_519,
    65_520,
    -Infinity,
    2 ** -14 - 2 ** -26,
    2 ** -25,
    1.5 * 2 ** -25,
  );
  expect([...narrowToHalf(values)]).toEqual([0x3c00, 0x3c02, 0x3c01, 0x7bff, 0x7c00, 0xfc00, 0x0400, 0, 1]);
});

test('bfloat16 is the upper half of a float32', () => {
  const bytes = new Uint8Array(Uint16Array.of(0x3f80, 0xc049).buffer);
  expect([...widen(bytes, 'BF16')]).toEqual([1, -3.140625]);
});
