import { headlineOf } from '../../../server/scoring/report/report.js';
import { thresholdOf } from '../../../server/scoring/runner/runs/thresholds.js';
import type { TaskSettings } from '../../../server/settings/task-settings.js';
import type { CurvePoint, ThresholdCurve } from '../figures.js';
import { headline } from '../card-benchmarks.js';
import type { Outcome } from '../outcome.js';

/** The scores of both kinds of answering over the thresholds; null where the policy has none. */
export function thresholdCurve(
  { policy }: TaskSettings,
  answering: Outcome,
  proactive: Outcome,
): ThresholdCurve | null {
  const recommended = thresholdOf({ policy });
  if (recommended === null || answering.points.length === 0) return null;
  const answered = answering.facts.filter(({ gold }) => gold.length > 0);
  const gold = answered.reduce((count, facts) => count + facts.gold.length, 0);
  const points = answering.points.map(({ threshold, report }): CurvePoint => {
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
