import { formatValue } from '../report/format-value.js';
import { headlineOf } from '../report/report.js';
import type { BenchmarkInput } from './inputs.js';
import { describeBaseline } from './play/baselines.js';
import type { PlaySettings } from './play/settings.js';
import { bestPoint, type SplitsResult, type SweepPoint } from './runs/run-splits.js';

type Changes = Pick<PlaySettings, 'baseline' | 'frames'>;

/** The baseline and frames of a run that are not the default, in a few words for a title. */
export function changeNames({ baseline, frames }: Changes): string[] {
  return [
    ...(baseline === null ? [] : [`baseline ${baseline.type}`]),
    ...(frames === 'video' ? [] : [`${frames} frames`]),
  ];
}

/** The same in sentences, for the notes of the report. */
export function changeNotes({ baseline, frames }: Changes): string[] {
  return [
    ...(baseline === null ? [] : [`baseline ${baseline.type}: ${describeBaseline(baseline)}`]),
    ...(frames === 'black' ? ['the model saw black pictures at the times of the frames'] : []),
    ...(frames === 'shuffled' ? ["the model saw every clip's own pictures in a shuffled order"] : []),
  ];
}

/** Notes on the threshold of a report; `nContextRenewals` is how often contexts were renewed. */
export function sweepNotes({ sweep, report }: SplitsResult, nContextRenewals: number): string[] {
  if (sweep === null) return [];
  const { points, chosen, chosenOn, unplayableInDevelopment, separateBecause } = sweep;
  const origin = chosenOn === 'settings' ? 'of the settings' : 'chosen on the development split';
  const best = betterThan(chosen, points);
  const metric = report.headline[0]?.name ?? 'the score';
  return [
    `threshold ${chosen}: ${origin}`,
    ...(unplayableInDevelopment.length > 0
      ? [`${unplayableInDevelopment.length} questions of the development split could not be played`]
      : []),
    ...(best === null
      ? []
      : [
          `oracle, no result: on this very split threshold ${best.threshold} is best, ` +
            `${metric} ${formatValue(headlineOf(best.report), 2)}`,
        ]),
    ...(separateBecause === null ? [] : [`the model ran once for each threshold: ${separateBecause}`]),
    ...(separateBecause === null && nContextRenewals > 0 ? [renewalsMoved] : []),
  ];
}

/** The frame at which a full context is renewed depends on the replies before it. */
const renewalsMoved =
  'contexts were full and were renewed; separate runs may do so a few frames ' +
  'apart, so the other thresholds are close, not exact';

/** The best point, or null if the chosen one is as good. */
function betterThan(chosen: number, points: readonly SweepPoint[]): SweepPoint | null {
  if (points.every(({ report }) => headlineOf(report) === null)) return null;
  const best = bestPoint(points);
  const own = points.find(({ threshold }) => threshold === chosen);
  return own !== undefined && headlineOf(own.report) === headlineOf(best.report) ? null : best;
}

/** Notes on the questions and videos of a split. */
export function inputNotes({ questions, annotated, bundled, substitutes }: BenchmarkInput): string[] {
  const [substitute] = substitutes;
  return [
    ...(questions.length === annotated.length
      ? []
      : [`only the first ${questions.length} of ${annotated.length} questions (--limit)`]),
    ...(bundled
      ? ['the bundled test set is a rendered world: its figures compare with none on real video']
      : []),
    ...(bundled || substitute === undefined
      ? []
      : [
          `${substitutes.length} videos are there under another name, such as ` +
            `${substitute.found} for ${substitute.named}`,
        ]),
  ];
}
