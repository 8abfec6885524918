import { expect, test } from 'vitest';
import { probabilityOfSecondClass } from '../../../../server/runtime/onnx/context/feed.js';
import { writePixelValues } from '../../../../server/runtime/onnx/graphs/vision-graph.js';

const input = {
  side: 2,
  mean: [0.5, 0.25, 0],
  std: [0.5, 0.25, 1],
  resampling: 'bilinear',
  padding: 'black',
} as const;
const asInput = {
  ...input,
  mean: [...input.mean] as [number, number, number],
  std: [...input.std] as [number, number, number],
};

test('packed bytes become three planes of (value / 255 - mean) / std, at their offset', () => {
  const rgb = Uint8Array.of(0, 0, 0, 255, 255, 255, 51, 102, 153, 255, 0, 51);
  const target = new Float32Array(13);
  writePixelValues({ width: 2, height: 2, rgb }, asInput, target, 1);
  const expected = [-1, 1, -0.6, 1, -1, 3, 0.6, -1, 0, 1, 0.6, 0.2];
  expect(target[0]).toBe(0);
  expected.forEach((value, index) => {
    expect(target[index + 1]).toBeCloseTo(value, 6);
  });
});

test.each([
  [3, 2, 18],
  [2, 3, 18],
  [2, 2, 11],
])('a picture of %i x %i with %i bytes is refused', (width, height, bytes) => {
  expect(() => {
    writePixelValues({ width, height, rgb: new Uint8Array(bytes) }, asInput, new Float32Array(12), 0);
  }).toThrow(
    `a picture of ${width} x ${height} with ${bytes} bytes was appended; the model takes 2 x 2 RGB, 12 bytes`,
  );
});

test('a head gives the softmax of its two logits, index 1, and large logits do not overflow', () => {
  const logits = Float32Array.of(0, 0, 1, 3, 5000, -5000, -5000, 5000);
  expect(probabilityOfSecondClass(logits, 0)).toBe(0.5);
  expect(probabilityOfSecondClass(logits, 1)).toBeCloseTo(Math.exp(3) / (Math.exp(1) + Math.exp(3)), 12);
  expect(probabilityOfSecondClass(logits, 2)).toBe(0);
  expect(probabilityOfSecondClass(logits, 3)).toBe(1);
});

test('logits that are no numbers, and rows that are not there, are failures of the model', () => {
  expect(() => probabilityOfSecondClass(Float32Array.of(NaN, 0), 0)).toThrow('weights are damaged');
  expect(() => probabilityOfSecondClass(Float32Array.of(0, 0), 1)).toThrow('row 1');
});
