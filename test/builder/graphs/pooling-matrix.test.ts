import { expect, test } from 'vitest';
import { poolingMatrix } from '../../../server/builder/graphs/pooling-matrix.js';
import { poolingArchitecture } from '../../../server/builder/checkpoint/vision-config.js';

test.each([
  ['bilinear', 27, 4, 49],
  ['bilinear', 8, 4, 4],
  ['bilinear', 9, 4, 9],
  ['bilinear', 5, 1, 25],
  ['average', 27, 4, 36],
  ['average', 8, 4, 4],
] as const)(
  '%s pooling of a %i grid with stride %i gives %i tokens whose weights sum to 1',
  (mode, grid, stride, tokens) => {
    const pooling = poolingArchitecture(grid, mode, stride);
    expect(pooling.side ** 2).toBe(tokens);
    const matrix = poolingMatrix(grid, pooling);
    const width = grid * grid;
    for (let token = 0; token < tokens; token++) {
      const sum = matrix
        .subarray(token * width, (token + 1) * width)
        .reduce((total, weight) => total + weight, 0);
      expect(sum).toBeCloseTo(1, 5);
    }
  },
);

test('bilinear pooling without a stride changes nothing', () => {
  const matrix = poolingMatrix(3, poolingArchitecture(3, 'bilinear', 1));
  expect([...matrix]).toEqual(Array.from({ length: 81 }, (_, i) => (i % 10 === 0 ? 1 : 0)));
});

test('a stride that leaves nothing of the grid is refused', () => {
  expect(() => poolingArchitecture(3, 'average', 4)).toThrow(/stride 4 leaves nothing of a 3x3 grid/);
});
