import { mean, sum } from './mean.js';
import { quantile } from './quantile.js';
import { seededRandom } from './random.js';

/**
 * Percentile bootstrap of the mean (Efron 1979): values are drawn with replacement, as many as there are.
 * Null for fewer than two values, which have no spread.
 */
export function bootstrapMean(
  values: readonly number[],
  resampling: Resampling = defaultResampling,
): Interval | null {
  if (values.length < 2) return null;
  const means = resampledMeans(values, resampling);
  const tail = (1 - resampling.level) / 2;
  return {
    ...resampling,
    mean: mean(values),
    low: quantile(means, tail),
    high: quantile(means, 1 - tail),
    n: values.length,
  };
}

/** How to resample. */
export interface Resampling {
  readonly resamples: number;
  readonly seed: number;
  /** Share of the resampled means between the two ends, such as 0.95. */
  readonly level: number;
}

/** The published intervals use these unless asked otherwise. */
export const defaultResampling: Resampling = { resamples: 1000, seed: 20241127, level: 0.95 };

/** A mean with its percentile bootstrap interval. */
export interface Interval extends Resampling {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** Number of values. */
  readonly n: number;
}

function resampledMeans(values: readonly number[], resampling: Resampling): Float64Array {
  const random = seededRandom(resampling.seed);
  const draw = () => values[Math.floor(random() * values.length)] ?? 0;
  const means = Float64Array.from({ length: resampling.resamples }, () => {
    return sum(Array.from(values, draw)) / values.length;
  });
  return means.sort();
}
