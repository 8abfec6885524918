import { sum } from '../../statistics/mean.js';

/**
 * SODA_c (Fujita et al. 2020) of one video, 0..1: the best order-preserving matching of IoU x METEOR between
 * gold and predicted captions, as the harmonic mean of its shares of both. Matrices are gold x predicted.
 */
export function sodaC(
  ioU: readonly (readonly number[])[],
  meteor: readonly (readonly number[])[],
  predictedCount: number,
): number {
  if (predictedCount === 0 || ioU.length === 0) return 0;
  const product = ioU.map((row, gold) => row.map((value, column) => value * (meteor[gold]?.[column] ?? 0)));
  const best = bestOrderedMatching(product);
  const precision = best / predictedCount;
  const recall = best / ioU.length;
  return sum([precision, recall]) === 0 ? 0 : (2 * precision * recall) / (precision + recall);
}

/**
 * The greatest sum of entries of a matrix gold x predicted that can be picked so that both indices only grow:
 * the best matching of two sequences that keeps their order.
 */
export function bestOrderedMatching(matrix: readonly (readonly number[])[]): number {
  const columns = matrix[0]?.length ?? 0;
  let previous = new Array<number>(columns + 1).fill(0);
  for (const row of matrix) {
    const current = [0];
    for (let column = 1; column <= columns; column += 1) {
      const taken = (previous[column - 1] ?? 0) + (row[column - 1] ?? 0);
      current.push(Math.max(previous[column] ?? 0, current[column - 1] ?? 0, taken));
    }
    previous = current;
  }
  return previous[columns] ?? 0;
}

/**
 * Puts METEOR columns into the order the published script has them in: by the predicted index as text (0, 1,
 * 10, 2 ..), while its IoU columns keep their natural order, so that more than ten predictions are paired
 * wrongly.
 */
export function shuffleColumnsAsText(meteor: readonly (readonly number[])[]): number[][] {
  const columns = meteor[0]?.length ?? 0;
  const order = Array.from({ length: columns }, (_, column) => column).sort((a, b) =>
    String(a) < String(b) ? -1 : 1,
  );
  return meteor.map((row) => order.map((column) => row[column] ?? 0));
}
