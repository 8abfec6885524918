import { DuetError } from '../../errors.js';
import type { PoolingArchitecture } from '../checkpoint/architecture.js';

/**
 * Pooling of a square grid as a matrix [side * side, grid * grid] whose rows sum to 1. `bilinear` equals
 * torch's `interpolate(mode='bilinear', align_corners=False)` without antialiasing, `average` its
 * `avg_pool2d(kernel = stride)`.
 */
export function poolingMatrix(grid: number, { mode, stride, side }: PoolingArchitecture): Float32Array {
  if (mode === 'max') throw new DuetError('internal', 'Maximum pooling is not linear.');
  const line = Array.from({ length: side }, (_, index) =>
    mode === 'bilinear' ? bilinearWeights(index, grid, side) : averageWeights(index, stride),
  );
  const matrix = new Float32Array(side * side * grid * grid);
  line.forEach((rowWeights, row) => {
    line.forEach((columnWeights, column) => {
      const offset = (row * side + column) * grid * grid;
      for (const [y, rowWeight] of rowWeights) {
        for (const [x, columnWeight] of columnWeights) {
          const index = offset + y * grid + x;
          matrix[index] = (matrix[index] ?? 0) + rowWeight * columnWeight;
        }
      }
    });
  });
  return matrix;
}

/** Pairs of a source index and its weight. */
type Weights = readonly (readonly [number, number])[];

/** Half-pixel centres: output i lies at (i + 0.5) * grid / side - 0.5, kept inside the grid. */
function bilinearWeights(index: number, grid: number, side: number): Weights {
  const place = Math.max(0, ((index + 0.5) * grid) / side - 0.5);
  const before = Math.floor(place);
  const after = Math.min(before + 1, grid - 1);
  return [
    [before, 1 - (place - before)],
    [after, place - before],
  ];
}

function averageWeights(index: number, stride: number): Weights {
  return Array.from({ length: stride }, (_, offset) => [index * stride + offset, 1 / stride] as const);
}
