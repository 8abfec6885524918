import { join } from 'node:path';
import { DuetError } from '../../../errors.js';
import type { ExampleRatings } from '../../benchmark.js';
import type { PredictionSource } from '../../data/match-predictions.js';
import type { Unplayable } from '../../data/played.js';
import { headlineOf, type TaskReport } from '../../report/report.js';
import { playedQuestions, predictionSource, writePredictions, type PredictionFormat } from './predictions.js';
import type { PlaySettings } from '../play/settings.js';
import {
  ThresholdRuns,
  type PlayableSplit,
  type RunAtThreshold,
  type ThresholdRunsPlan,
} from './threshold-runs.js';
import { noThreshold, thresholdOf, withThreshold } from './thresholds.js';

/**
 * Questions with a way to play and score them; all thresholds share the scorer, so that a judge can reuse its
 * ratings.
 */
export interface ScoredSplit extends PlayableSplit {
  /** `predictions` opens what is scored, once for every reading. */
  readonly score: (predictions: () => PredictionSource) => Promise<Scored>;
}

/** What to play and score, and how. */
export interface SplitsPlan {
  readonly folder: string;
  readonly settings: PlaySettings;
  readonly split: ScoredSplit;
  /** Thresholds to try in addition to that of the settings; null for none. */
  readonly thresholds: readonly number[] | null;
  /** A development split to choose the threshold on; null keeps that of the settings. */
  readonly development: ScoredSplit | null;
  readonly failFast: boolean;
  /** How the scores of frames are written into `predictions.jsonl`; default `current`. */
  readonly format?: PredictionFormat;
  readonly onProgress: (split: 'development' | 'test', done: number, total: number) => void;
}

/** The result of scoring. */
export interface Scored {
  readonly report: TaskReport;
  /** Ratings by question key; empty if no judge rates individual replies. */
  readonly ratings: ReadonlyMap<string, ExampleRatings>;
}

/** The report at one threshold. */
export interface SweepPoint extends Scored {
  readonly threshold: number;
}

/** The figures at every threshold. */
export interface Sweep {
  readonly points: readonly SweepPoint[];
  readonly chosen: number;
  readonly chosenOn: 'settings' | 'development split';
  /** Questions of the development split that could not be played, so the choice ignores them. */
  readonly unplayableInDevelopment: readonly Unplayable[];
  /** Why the model ran once for each threshold; null if one run served all. */
  readonly separateBecause: string | null;
}

/** The result of playing the splits; dispose it once the examples have been read. */
export interface SplitsResult extends RunAtThreshold, Scored, AsyncDisposable {
  readonly sweep: Sweep | null;
  /** The report on all replies that were made; null if none was suppressed. */
  readonly raw: RawReport | null;
  readonly predictionsFile: string;
}

/** The report on all replies that were made, and how many of them were suppressed. */
interface RawReport {
  readonly report: TaskReport;
  readonly nSuppressed: number;
}

/**
 * Plays a benchmark, writes `predictions.jsonl` to its folder, and scores it. It can be stopped at any moment
 * and run again with the same plan: finished questions are not played again. Throws what runs and scoring
 * throw.
 */
export async function runSplits(plan: SplitsPlan, signal: AbortSignal): Promise<SplitsResult> {
  const thresholds = thresholdsOf(plan);
  const { chosen, unplayable } = await choose(plan, thresholds, signal);
  const runs = new ThresholdRuns(runsPlan(plan, 'test', thresholds));
  try {
    const played = await runs.at(chosen, signal);
    const predictionsFile = join(plan.folder, 'predictions.jsonl');
    await writePredictions(played.run, played.turns, predictionsFile, plan.format);
    const points =
      thresholds === null ? [] : await scoreEach(runs, plan.split, thresholds, predictionsFile, signal);
    const known = points.find(({ threshold }) => threshold === chosen);
    const source = () => predictionSource(played.run, played.turns, predictionsFile);
    return {
      ...played,
      ...(known ?? (await plan.split.score(source))),
      raw: await scoreRaw(played, plan.split, predictionsFile),
      sweep:
        chosen === null
          ? null
          : { points, chosen, unplayableInDevelopment: unplayable, ...provenance(plan, runs) },
      predictionsFile,
      [Symbol.asyncDispose]: () => runs[Symbol.asyncDispose](),
    };
  } catch (thrown) {
    await runs[Symbol.asyncDispose]();
    throw thrown;
  }
}

async function scoreRaw(
  { run, turns }: RunAtThreshold,
  split: ScoredSplit,
  file: string,
): Promise<RawReport | null> {
  let nSuppressed = 0;
  for await (const { played } of playedQuestions(run, turns)) nSuppressed += played.suppressed.length;
  if (nSuppressed === 0) return null;
  const { report } = await split.score(() => predictionSource(run, turns, file, 'raw'));
  return { report, nSuppressed };
}

function provenance(
  plan: SplitsPlan,
  { separateBecause }: ThresholdRuns,
): Pick<Sweep, 'chosenOn' | 'separateBecause'> {
  return { chosenOn: plan.development === null ? 'settings' : 'development split', separateBecause };
}

/**
 * The thresholds to try, ascending, including that of the settings. Throws 'invalid_request' for settings
 * that never speak, and for thresholds out of range.
 */
function thresholdsOf({ thresholds, settings }: SplitsPlan): readonly number[] | null {
  if (thresholds === null) return null;
  const own = thresholdOf(settings.session);
  if (own !== null) {
    const all = [...new Set([...thresholds, own])].sort((one, other) => one - other);
    for (const threshold of all) withThreshold(settings.session, threshold);
    return all;
  }
  throw noThreshold();
}

async function choose(
  plan: SplitsPlan,
  thresholds: readonly number[] | null,
  signal: AbortSignal,
): Promise<{ readonly chosen: number | null; readonly unplayable: readonly Unplayable[] }> {
  const { development, folder, settings } = plan;
  if (thresholds === null) return { chosen: null, unplayable: [] };
  if (development === null) return { chosen: thresholdOf(settings.session), unplayable: [] };
  const file = join(folder, 'development', 'predictions.jsonl');
  await using runs = new ThresholdRuns(runsPlan(plan, 'development', thresholds));
  const { threshold } = bestPoint(await scoreEach(runs, development, thresholds, file, signal));
  const { run } = await runs.at(threshold, signal);
  return { chosen: threshold, unplayable: run.unplayable };
}

function runsPlan(
  plan: SplitsPlan,
  which: 'development' | 'test',
  thresholds: readonly number[] | null,
): ThresholdRunsPlan {
  const { folder, settings, failFast, onProgress } = plan;
  const shared = {
    ...{ settings, thresholds, failFast },
    onProgress: (done: number, total: number) => {
      onProgress(which, done, total);
    },
  };
  return which === 'test' || plan.development === null
    ? { ...shared, folder, split: plan.split }
    : { ...shared, folder: join(folder, 'development'), split: plan.development };
}

async function scoreEach(
  runs: ThresholdRuns,
  split: ScoredSplit,
  thresholds: readonly number[],
  file: string,
  signal: AbortSignal,
): Promise<SweepPoint[]> {
  const points: SweepPoint[] = [];
  for (const threshold of thresholds) {
    const { run, turns } = await runs.at(threshold, signal);
    points.push({ threshold, ...(await split.score(() => predictionSource(run, turns, file))) });
  }
  return points;
}

/**
 * The point with the best headline figure, the first one on ties. Throws 'invalid_request' if none has one.
 */
export function bestPoint(points: readonly SweepPoint[]): SweepPoint {
  let best: SweepPoint | null = null;
  for (const point of points) {
    const value = headlineOf(point.report);
    if (value !== null && value > ((best && headlineOf(best.report)) ?? -Infinity)) best = point;
  }
  if (best === null) throw new DuetError('invalid_request', 'No threshold gave a score to choose by');
  return best;
}
