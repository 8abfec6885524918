import { bestPoint, headlineOf } from '../../scoring/bench/sweep.js';
import type { BenchResult } from '../../scoring/bench/run-bench.js';
import { formatValue } from '../../scoring/report/format-value.js';

/** What a reader must know of the threshold a report belongs to. */
export function sweepNotes({ sweep, report }: BenchResult): string[] {
  if (sweep === null) return [];
  const { points, chosen, chosenOn, whyNotOnce } = sweep;
  const origin = chosenOn === 'settings' ? 'of the settings' : 'chosen on the development split';
  const best = bestPoint(points);
  const metric = report.headline[0]?.name ?? 'the score';
  const notes = [`threshold ${chosen}: ${origin}`];
  if (best.threshold !== chosen) {
    const value = formatValue(headlineOf(best.report), 2);
    notes.push(
      `oracle, no result: on this very split threshold ${best.threshold} is best, ${metric} ${value}`,
    );
  }
  if (whyNotOnce !== null) notes.push(`the model ran once for each threshold: ${whyNotOnce}`);
  return notes;
}
