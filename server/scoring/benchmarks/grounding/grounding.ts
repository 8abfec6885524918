import { z } from 'zod';
import { defineBenchmark } from '../../benchmark.js';
import type { SweepCurve } from '../../report/html/report-page.js';
import { publishedScoring } from '../common-rules.js';
import { groundingRules } from './rules.js';

const ownFigures = z.object({
  grounding: z.object({ chosen: z.object({ window: z.int(), threshold: z.number() }) }),
});

/** Temporal grounding, as on Charades-STA. */
export const grounding = defineBenchmark({
  name: 'grounding',
  aliases: ['charades'],
  title: 'Charades-STA temporal grounding',
  measures: 'temporal grounding: IoU over smoothing windows and thresholds',
  annotationFile: 'grounding.json',
  session: { speaks: false, recommendedAs: ['grounding'], published: publishedScoring },
  rules: groundingRules,
  rulesWhenLimited: () => ({ missing: 'skip' }),
  choice: {
    what: 'window and threshold',
    // Unsmoothed, and the middle threshold: neither was selected on data.
    fixed: { window: 0, threshold: 0.5 },
    ofFigures: (variant) => ownFigures.safeParse(variant).data?.grounding.chosen ?? null,
  },
  curve: ({ values }) => groundingCurve(values),
  open: async (request) => (await import('./grounding-scorer.js')).openGrounding(request),
});

const sweptValues = z.object({
  rows: z.array(
    z.object({ smooth_window_size: z.number(), threshold: z.number(), scores: z.array(z.number()) }),
  ),
  chosen: z.object({ smooth_window_size: z.number(), threshold: z.number() }).nullable(),
});

/** Recall at IoU 0.5 over the threshold, at the chosen smoothing window or, without one, unsmoothed. */
function groundingCurve(values: unknown): SweepCurve | null {
  const parsed = sweptValues.safeParse(values);
  if (!parsed.success) return null;
  const { rows, chosen } = parsed.data;
  const window = chosen?.smooth_window_size ?? 0;
  return {
    metric: 'recall@0.5',
    points: rows
      .filter((row) => row.smooth_window_size === window)
      .map(({ threshold, scores }) => ({
        ...{ threshold, score: scores[2] ?? null, turns: null, turnsDedup: null },
        chosen: threshold === chosen?.threshold,
      })),
    exact: true,
    note: `scores smoothed over a window of ${window} frames to either side`,
  };
}
