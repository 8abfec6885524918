import { mean } from './mean.js';

/**
 * Cohen's kappa with quadratic weights (Cohen 1968) of two raters who rated the same cases: 1 is full
 * agreement, 0 what chance would give, below 0 worse than that. With these weights kappa is one minus the
 * mean squared difference over the one expected of independent raters with the same ratings, so ratings
 * between the steps are welcome. Null where there are no cases, or where both raters always gave the same
 * rating, which chance explains fully.
 */
export function quadraticWeightedKappa(first: readonly number[], second: readonly number[]): number | null {
  if (first.length !== second.length) throw new RangeError('two raters need as many ratings');
  const observed = mean(first.map((rating, index) => (rating - (second[index] ?? Number.NaN)) ** 2));
  const expected = variance(first) + variance(second) + (mean(first) - mean(second)) ** 2;
  return expected > 0 ? 1 - observed / expected : null;
}

/** Share of the cases that both rated the same; null for none. */
export function exactAgreement(first: readonly number[], second: readonly number[]): number | null {
  if (first.length === 0) return null;
  return first.filter((rating, index) => rating === second[index]).length / first.length;
}

/** Variance of the ratings themselves, not an estimate of a population's. */
function variance(values: readonly number[]): number {
  const centre = mean(values);
  return mean(values.map((value) => (value - centre) ** 2));
}
