import { expect, test } from 'vitest';
import { parseThresholds } from '../../../server/cli/bench/flag-values.js';

test.each([
  ['0.5', [0.5]],
  ['0.3,0.5,0.3', [0.3, 0.5]],
  ['-1,0', [-1, 0]],
  ['0.1:0.5:0.1', [0.1, 0.2, 0.3, 0.4, 0.5]],
  ['0.3:0.3:1', [0.3]],
  ['0:3e-12:1e-12', [0]],
])('%s are the thresholds %j', (text, expected) => {
  expect(parseThresholds(text)).toEqual(expected);
});

test.each([
  '',
  'x',
  '0.1,,0.2',
  '0.5:0.1:0.1',
  '0:1:0',
  '0:1:-0.1',
  '0:1',
  '0:1,2:1',
  'Infinity',
  '0:1:0.1:2',
])('%j is refused', (text) => {
  expect(() => parseThresholds(text)).toThrow(/expected thresholds/);
});

test.each(['0:1:0.001', Array.from({ length: 201 }, (_, index) => index).join(',')])(
  'more thresholds than anybody waits for are refused',
  (text) => {
    expect(() => parseThresholds(text)).toThrow(/at most 200/);
  },
);
