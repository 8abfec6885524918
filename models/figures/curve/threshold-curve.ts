import { headlineOf } from '../../../server/scoring/report/report.js';
import { thresholdOf } from '../../../server/scoring/runner/runs/thresholds.js';
import type { TaskSettings } from '../../../server/settings/task-settings.js';
import type { ThresholdFigures, ThresholdCurve } from '../figures.js';
import { headline, type BenchmarkOutcome } from '../card-benchmarks.js';

/** The scores of both kinds of answering over the thresholds; null if the policy has none. */
export function thresholdCurve(
  { policy }: TaskSettings,
  answering: BenchmarkOutcome,
  proactive: BenchmarkOutcome,
): ThresholdCurve | null {
  const recommended = thresholdOf({ policy });
  if (recommended === null || answering.points.length === 0) return null;
  const answered = answering.facts.filter(({ gold }) => gold.length > 0);
  const gold = answered.reduce((count, facts) => count + facts.gold.length, 0);
  const points = answering.points.map(({ threshold, report }): ThresholdFigures => {
    const turns = headline(report, 'turns');
    const own = proactive.points.find((point) => point.threshold === threshold);
    return {
      threshold,
      turns_per_gold: turns === null || gold === 0 ? null : (turns * answered.length) / gold,
      in_span: headlineOf(report),
      pauc: own === undefined ? null : headlineOf(own.report),
    };
  });
  return { policy: policy.type, recommended, points };
}

/** Thresholds of a curve for scores of one head; closer together where the scores change most. */
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
