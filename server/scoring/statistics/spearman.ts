import { mean } from './mean.js';

/**
 * Spearman's rank correlation: Pearson's correlation of the ranks, equal values sharing the mean of their
 * ranks. From -1 to 1; null for fewer than two pairs, or where one side is constant.
 */
export function spearman(first: readonly number[], second: readonly number[]): number | null {
  if (first.length !== second.length) throw new RangeError('a correlation needs pairs');
  return first.length < 2 ? null : pearson(ranks(first), ranks(second));
}

/** Rank of every value, from 1; equal values share the mean of the ranks they take up. */
export function ranks(values: readonly number[]): number[] {
  const order = values.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  const ranked = new Array<number>(values.length).fill(0);
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end < order.length && order[end]?.value === order[start]?.value) end += 1;
    for (const { index } of order.slice(start, end)) ranked[index] = (start + 1 + end) / 2;
    start = end;
  }
  return ranked;
}

function pearson(first: readonly number[], second: readonly number[]): number | null {
  const [firstMean, secondMean] = [mean(first), mean(second)];
  let together = 0;
  let firstSquares = 0;
  let secondSquares = 0;
  for (const [index, value] of first.entries()) {
    const [x, y] = [value - firstMean, (second[index] ?? Number.NaN) - secondMean];
    together += x * y;
    firstSquares += x * x;
    secondSquares += y * y;
  }
  const scale = Math.sqrt(firstSquares * secondSquares);
  return scale > 0 ? Math.max(-1, Math.min(1, together / scale)) : null;
}
