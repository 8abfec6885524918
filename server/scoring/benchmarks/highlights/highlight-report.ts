import { formatValue } from '../../report/format-value.js';
import type { TaskReport } from '../../report/report.js';
import { roundTo } from '../../statistics/round.js';
import { momentFigures, type MomentResult } from './moment-retrieval.js';
import type { HighlightOptions, HighlightResult, WindowScores } from './score-highlight.js';

/**
 * The report of a highlight run. Text answers and scores of clips, which are not smoothed, stand under window
 * 0.
 */
export function highlightReport(result: HighlightResult, options: HighlightOptions): TaskReport {
  const { mode, ...others } = options;
  const chosen = result.windows.find(({ window }) => window === null || window === options.window) ?? null;
  return {
    task: 'highlight',
    mode,
    options: others,
    versions: { average_precision: 'interpolated', clips: mode === 'compat' ? 'frame-count' : 'frame-time' },
    judge: null,
    notes: notesOf(result, chosen, options),
    counts: { ...result.counts },
    headline: headlineOf(chosen),
    values: {
      windows: Object.fromEntries(
        result.windows.map((scores) => [scores.window ?? 0, briefMap(scores, mode)]),
      ),
      ...(result.moments !== null && momentMap(result.moments, mode)),
    },
    exampleMetric: 'HL-min-VeryGood-AP',
    examples: result.examples,
  };
}

function notesOf(
  result: HighlightResult,
  chosen: WindowScores | null,
  { protocol }: HighlightOptions,
): string[] {
  return [
    ...(chosen === null
      ? [
          'the windows sweep smoothing over this very split; give --window, chosen ' +
            'elsewhere, or a development split, for a figure to report',
          ...bestWindowNote(result),
        ]
      : []),
    // Text answers and scores of clips are not smoothed.
    ...(protocol === 'live' && result.windows.some(({ window }) => window !== null)
      ? ['live protocol: no later frames']
      : []),
  ];
}

/** The best window, as an oracle: people look for it anyway, and may take it for a result. */
function bestWindowNote({ windows }: HighlightResult): string[] {
  const value = (scores: WindowScores) => scores.levels.at(-1)?.meanAveragePrecision ?? -Infinity;
  const best = windows.reduce<WindowScores | null>(
    (sofar, scores) => (sofar === null || value(scores) > value(sofar) ? scores : sofar),
    null,
  );
  if (best?.window === null || best === null) return [];
  const figures = headlineOf(best).map((figure) => `${figure.name} ${formatValue(figure.value, 2)}`);
  return [`oracle, no result: the best window on this split is ${best.window}: ${figures.join(', ')}`];
}

/** The evaluator's brief map; `compat` rounds to two decimals as it does. */
function briefMap(scores: WindowScores, mode: HighlightOptions['mode']): Record<string, number> {
  const written = (value: number) => (mode === 'compat' ? roundTo(value, 2) : value);
  return Object.fromEntries(
    scores.levels.flatMap(({ level, meanAveragePrecision, hitAt1 }) => [
      [`HL-min-${level}-mAP`, written(meanAveragePrecision)],
      [`HL-min-${level}-Hit1`, written(hitAt1)],
    ]),
  );
}

/** Moment retrieval, which only predictions with windows have; `compat` rounds as the evaluator does. */
function momentMap(
  moments: MomentResult,
  mode: HighlightOptions['mode'],
): Readonly<Record<string, number | null>> {
  const written = (value: number | null) => (value === null || mode === 'strict' ? value : roundTo(value, 2));
  const figures = Object.entries(momentFigures(moments));
  return Object.fromEntries(figures.map(([name, value]) => [name, written(value)]));
}

function headlineOf(chosen: WindowScores | null): TaskReport['headline'] {
  const top = chosen?.levels.at(-1);
  return [
    { name: 'HL-min-VeryGood-mAP', value: top?.meanAveragePrecision ?? null, digits: 2 },
    { name: 'HL-min-VeryGood-Hit1', value: top?.hitAt1 ?? null, digits: 2 },
  ];
}
