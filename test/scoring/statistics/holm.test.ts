import { expect, test } from 'vitest';
import { holmCorrection } from '../../../server/scoring/statistics/holm.js';

test.each([
  [[0.01], [0.01]],
  [
    [0.01, 0.04, 0.03, 0.005],
    [0.03, 0.06, 0.06, 0.02],
  ],
  [
    [0.5, null, 0.6],
    [1, null, 1],
  ],
  [
    [0.2, 0.02],
    [0.2, 0.04],
  ],
  [[], []],
])('Holm corrects %j to %j, each at least as large as the one before it in rank', (pValues, expected) => {
  const corrected = holmCorrection(pValues);
  expect(corrected.map((value) => (value === null ? null : Number(value.toFixed(9))))).toEqual(expected);
});
