import type { TaskSettings } from '../../server/settings/task-settings.js';

/** Thresholds of a curve for scores of one head; closer where the most happens. */
const scores = [
  0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9,
  0.95,
];
const sums = [0.25, 0.5, 1, 1.5, 2, 3, 4, 6, 8];
const deviations = [0, 0.5, 1, 1.5, 2, 2.5, 3, 4];

/** The thresholds to draw a curve over; null for a policy that has none. */
export function sweepOf({ policy, heads }: TaskSettings): readonly number[] | null {
  const { type } = policy;
  switch (type) {
    case 'threshold':
      return scores.map((score) => Number((score * heads.length).toFixed(4)));
    case 'sum':
      return sums;
    case 'zscore':
      return deviations;
    case 'never':
      return null;
    default:
      return type satisfies never;
  }
}
