import { describe, expect, test } from 'vitest';
import { ranks, spearman } from '../../../server/scoring/statistics/spearman.js';
import { exactAgreement, quadraticWeightedKappa } from '../../../server/scoring/statistics/weighted-kappa.js';

/** Kappa by its definition: weights over the table of counts and over the table chance would give. */
function kappaByTables(first: readonly number[], second: readonly number[]): number {
  const steps = [1, 2, 3, 4, 5];
  let observed = 0;
  let expected = 0;
  for (const i of steps) {
    for (const j of steps) {
      const weight = ((i - j) / 4) ** 2;
      observed += weight * first.filter((rating, index) => rating === i && second[index] === j).length;
      const rows = first.filter((rating) => rating === i).length;
      const columns = second.filter((rating) => rating === j).length;
      expected += (weight * rows * columns) / first.length;
    }
  }
  return 1 - observed / expected;
}

describe('quadratic weighted kappa', () => {
  test.each([
    [[1, 2, 3, 4, 5], [1, 2, 3, 4, 5], 1],
    [[1, 2, 3, 4, 5], [5, 4, 3, 2, 1], -1],
    // By hand: the squared differences have the mean 1/2; expected are 1.25 + 1 + 0.5 ** 2 = 2.5.
    [[1, 2, 3, 4], [1, 1, 3, 3], 0.8],
    [[1, 1, 2, 2], [1, 2, 1, 2], 0],
  ])('of %j and %j is %d', (first, second, kappa) => {
    expect(quadraticWeightedKappa(first, second)).toBeCloseTo(kappa, 12);
  });

  test('is that of the tables it is defined by', () => {
    const first = [5, 4, 4, 2, 1, 3, 5, 2, 2, 1, 4, 3];
    const second = [5, 5, 3, 2, 1, 1, 4, 3, 2, 2, 4, 5];
    expect(quadraticWeightedKappa(first, second)).toBeCloseTo(kappaByTables(first, second), 12);
  });

  test('is not defined without cases, nor where chance explains everything', () => {
    expect(quadraticWeightedKappa([], [])).toBeNull();
    expect(quadraticWeightedKappa([3, 3], [3, 3])).toBeNull();
    expect(quadraticWeightedKappa([3, 3], [4, 4])).toBe(0);
  });

  test('stands beside the share of equal ratings', () => {
    expect(exactAgreement([1, 2, 3, 4], [1, 2, 3, 5])).toBe(0.75);
    expect(exactAgreement([], [])).toBeNull();
  });
});

describe("Spearman's rank correlation", () => {
  test('gives equal values the mean of their ranks', () => {
    expect(ranks([10, 20, 20, 5])).toEqual([2, 3.5, 3.5, 1]);
  });

  test.each([
    [[1, 2, 3, 4], [10, 100, 1000, 10000], 1],
    [[1, 2, 3, 4], [4, 3, 2, 1], -1],
    // IQ and hours of television of the textbook: 1 - 6 * 194 / (10 * 99) = -29/165.
    [[106, 100, 86, 101, 99, 103, 97, 113, 112, 110], [7, 27, 2, 50, 28, 29, 20, 12, 6, 17], -29 / 165],
    // With ties: ranks 1, 2.5, 2.5, 4 and 1, 2, 3, 4; 4.5 / sqrt(4.5 * 5).
    [[1, 2, 2, 3], [1, 2, 3, 4], 4.5 / Math.sqrt(4.5 * 5)],
  ])('of %j and %j is %d', (first, second, rho) => {
    expect(spearman(first, second)).toBeCloseTo(rho, 12);
  });

  test('is not defined for a constant side or a single pair', () => {
    expect(spearman([1, 1, 1], [1, 2, 3])).toBeNull();
    expect(spearman([1], [1])).toBeNull();
  });
});
