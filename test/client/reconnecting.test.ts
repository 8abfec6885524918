import { expect, test } from 'vitest';
import { defaultBackOff, waitBeforeAttempt } from '../../client/sdk/reconnecting.js';

test.each([
  [1, 250],
  [2, 500],
  [3, 1000],
  [6, 5000],
  [40, 5000],
])('before attempt %i the longest wait is %i ms and the shortest its half', (attempt, longest) => {
  expect(waitBeforeAttempt(attempt, defaultBackOff, () => 1)).toBe(longest);
  expect(waitBeforeAttempt(attempt, defaultBackOff, () => 0)).toBe(longest / 2);
});
