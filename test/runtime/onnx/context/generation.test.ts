import { expect, test } from 'vitest';
import { likeliestToken, penalizeRepetition } from '../../../../server/runtime/onnx/context/generation.js';

test('generated tokens lose: positive logits are divided, negative ones multiplied', () => {
  const logits = Float32Array.of(4, -4, 4, 0);
  penalizeRepetition(logits, [0, 1, 3], 2);
  expect([...logits]).toEqual([2, -8, 4, 0]);
});

test('a penalty of 1 changes nothing, and tokens outside the vocabulary are ignored', () => {
  const logits = Float32Array.of(4, -4);
  penalizeRepetition(logits, [0, 1], 1);
  penalizeRepetition(logits, [7], 3);
  expect([...logits]).toEqual([4, -4]);
});

test('the likeliest token is the first of equals', () => {
  expect(likeliestToken(Float32Array.of(-3, 2, 2, 1))).toBe(1);
  expect(likeliestToken(Float32Array.of(-3, -2))).toBe(1);
});
