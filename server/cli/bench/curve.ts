import { z } from 'zod';
import { headlineOf } from '../../scoring/runner/sweep.js';
import type { SweepCurve } from '../../scoring/report/html/report-page.js';
import type { CompletedBench } from './run.js';

/** What the page draws over thresholds: the sweep of the run, or the one that grounding makes of every run; null without any. */
export function curveOf({ result }: CompletedBench): SweepCurve | null {
  const { sweep, report } = result;
  if (sweep === null) return groundingCurve(report.values);
  const metric = report.headline[0]?.name ?? report.exampleMetric;
  return {
    metric,
    points: sweep.points.map((point) => ({
      threshold: point.threshold,
      score: headlineOf(point.report),
      turns: figure(point.report, 'turns'),
      turnsDedup: figure(point.report, 'turns_dedup'),
      chosen: point.threshold === sweep.chosen,
    })),
    exact: sweep.whyNotOnce === null,
    note: sweep.whyNotOnce,
  };
}

function figure(report: CompletedBench['result']['report'], name: string): number | null {
  return report.headline.find((candidate) => candidate.name === name)?.value ?? null;
}

const groundingValues = z.object({
  rows: z.array(
    z.object({ smooth_window_size: z.number(), threshold: z.number(), scores: z.array(z.number()) }),
  ),
  chosen: z.object({ smooth_window_size: z.number(), threshold: z.number() }).nullable(),
});

/** Recall at IoU 0.5 over the threshold of the relevance score, at the chosen smoothing window or, without one, unsmoothed. */
function groundingCurve(values: Readonly<Record<string, unknown>>): SweepCurve | null {
  const parsed = groundingValues.safeParse(values);
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
