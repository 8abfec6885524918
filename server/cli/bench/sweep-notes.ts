import { bestPoint, headlineOf, type SweepPoint } from '../../scoring/runner/sweep.js';
import type { BenchResult } from '../../scoring/runner/run-bench.js';
import { formatValue } from '../../scoring/report/format-value.js';

/** What a reader must know of the threshold a report belongs to. */
export function sweepNotes({ sweep, report }: BenchResult): string[] {
  if (sweep === null) return [];
  const { points, chosen, chosenOn, unplayableInDevelopment, whyNotOnce } = sweep;
  const origin = chosenOn === 'settings' ? 'of the settings' : 'chosen on the development split';
  const best = betterThan(chosen, points);
  const metric = report.headline[0]?.name ?? 'the score';
  const notes = [`threshold ${chosen}: ${origin}`];
  if (unplayableInDevelopment.length > 0) {
    notes.push(`${unplayableInDevelopment.length} questions of the development split could not be played`);
  }
  if (best !== null) {
    const value = formatValue(headlineOf(best.report), 2);
    notes.push(
      `oracle, no result: on this very split threshold ${best.threshold} is best, ${metric} ${value}`,
    );
  }
  if (whyNotOnce !== null) notes.push(`the model ran once for each threshold: ${whyNotOnce}`);
  return notes;
}

/** The best point, unless the chosen one is as good. */
function betterThan(chosen: number, points: readonly SweepPoint[]): SweepPoint | null {
  if (points.every(({ report }) => headlineOf(report) === null)) return null;
  const best = bestPoint(points);
  const own = points.find(({ threshold }) => threshold === chosen);
  return own !== undefined && headlineOf(own.report) === headlineOf(best.report) ? null : best;
}
