import { DuetError } from '../../../errors.js';

/**
 * The second of two classes' probability: softmax over the two logits of row `row`, index 1. Throws
 * 'model_failed' for a number that is none.
 */
export function probabilityOfSecondClass(logits: Float32Array, row: number): number {
  const first = logits[row * 2];
  const second = logits[row * 2 + 1];
  if (first === undefined || second === undefined) {
    throw new DuetError('model_failed', `a head gave ${logits.length / 2} rows where row ${row} was needed`);
  }
  const probability = 1 / (1 + Math.exp(first - second));
  if (Number.isNaN(probability)) {
    throw new DuetError(
      'model_failed',
      `a head gave the logits ${first} and ${second}; the model's weights are damaged or overflow`,
    );
  }
  return probability;
}
