import { formatValue } from '../../report/format-value.js';
import type { TaskReport } from '../../report/report.js';
import type { GroundingOptions, GroundingResult } from './score-grounding.js';
import type { IoUScores, SweepRow } from './sweep-table.js';

/** The report of a grounding run. */
export function groundingReport(result: GroundingResult, options: GroundingOptions): TaskReport {
  const { mode, choice, ...others } = options;
  const chosen =
    choice === null
      ? null
      : { smooth_window_size: choice.window, threshold: choice.threshold, origin: choice.origin };
  return {
    task: 'grounding',
    mode,
    options: { ...others, choice: chosen },
    versions: { ioU: result.type === 'online' ? 'frames' : mode === 'compat' ? 'inclusive-hull' : 'seconds' },
    judge: null,
    notes: notesOf(result, options),
    counts: { ...result.counts },
    headline: headlineOf(result.scores),
    values: {
      rows: result.rows.map(({ window, threshold, scores }) => ({
        smooth_window_size: window,
        threshold,
        scores,
      })),
      oracle_rows: result.oracle.map(({ window, scores }) => ({
        smooth_window_size: window,
        oracle: true,
        scores,
      })),
      chosen: chosen === null ? null : { ...chosen, scores: result.scores },
      scores: result.scores,
    },
    exampleMetric: 'ioU',
    examples: result.examples,
  };
}

const names = ['mean_iou', 'recall@0.3', 'recall@0.5', 'recall@0.7'] as const;

function headlineOf(scores: IoUScores | null): TaskReport['headline'] {
  return names.map((name, index) => ({ name, value: scores?.[index] ?? null, digits: 2 }));
}

/** The best row, marked as an oracle: readers look for it anyway and could mistake it for a result. */
function bestRowNote({ rows }: GroundingResult): string[] {
  const best = rows.reduce<SweepRow | null>(
    (sofar, row) => (row.scores[0] > (sofar?.scores[0] ?? -Infinity) ? row : sofar),
    null,
  );
  if (best === null) return [];
  const figures = names.map((name, index) => `${name} ${formatValue(best.scores[index] ?? null, 2)}`);
  const place = `window ${best.window}, threshold ${formatValue(best.threshold, 2)}`;
  return [`oracle, no result: the best row on this split is ${place}: ${figures.join(', ')}`];
}

function notesOf(result: GroundingResult, { choice, mode, protocol }: GroundingOptions): string[] {
  const notes: string[] = [];
  if (result.type === 'online' && choice === null) {
    notes.push(
      'the rows sweep window and threshold over this very split; ' +
        'give --window and --threshold, or a development split, for a figure to report',
    );
    notes.push(...bestRowNote(result));
  }
  if (result.type === 'online')
    notes.push('oracle rows take the best threshold of every example and are no result');
  if (protocol === 'live') notes.push('live protocol: no later frames, no scaling by the whole track');
  if (result.type === 'offline' && mode === 'compat') {
    notes.push('spans are compared with both ends counted and the hull for a union, as published');
  }
  return notes;
}
