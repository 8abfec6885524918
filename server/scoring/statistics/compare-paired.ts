import { bootstrapMean, defaultResampling, type Interval, type Resampling } from './bootstrap.js';
import { mean } from './mean.js';
import { seededRandom } from './random.js';

/** Two systems on the same examples: is the difference real? */
interface PairedComparison {
  /** Mean of first minus second over the shared examples; null where they share none. */
  readonly difference: number | null;
  /** Bootstrap interval of the difference, over examples; null for fewer than two pairs. */
  readonly interval: Interval | null;
  /** Two-sided p-value of a sign-flip permutation test; null where there are no pairs. */
  readonly pValue: number | null;
  readonly nPairs: number;
  readonly onlyFirst: number;
  readonly onlySecond: number;
}

/**
 * Compares per-example values by id. Under the null hypothesis the two systems could be swapped example by
 * example, so the sign of every difference is flipped at random (Fisher's randomisation test) and the p-value
 * is the share of flips whose mean is at least as far from zero, the observed one counted too.
 */
export function comparePaired(
  first: ReadonlyMap<string, number>,
  second: ReadonlyMap<string, number>,
  resampling: Resampling = defaultResampling,
): PairedComparison {
  const differences: number[] = [];
  for (const [id, value] of first) {
    const other = second.get(id);
    if (other !== undefined) differences.push(value - other);
  }
  const nPairs = differences.length;
  return {
    difference: nPairs === 0 ? null : mean(differences),
    interval: bootstrapMean(differences, resampling),
    pValue: nPairs === 0 ? null : signFlipPValue(differences, resampling),
    nPairs,
    onlyFirst: first.size - nPairs,
    onlySecond: second.size - nPairs,
  };
}

function signFlipPValue(differences: readonly number[], resampling: Resampling): number {
  const random = seededRandom(resampling.seed);
  const observed = Math.abs(mean(differences));
  // Rounding must not make an equal mean look smaller.
  const bar = observed * (1 - 1e-12);
  let extreme = 1;
  for (let flip = 0; flip < resampling.resamples; flip += 1) {
    const flipped = differences.map((difference) => (random() < 0.5 ? difference : -difference));
    if (Math.abs(mean(flipped)) >= bar) extreme += 1;
  }
  return extreme / (resampling.resamples + 1);
}
