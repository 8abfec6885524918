import { join } from 'node:path';
import { DuetError } from '../../errors.js';
import type { PredictionSource } from '../data/match-predictions.js';
import { Playing, type PlayableSplit, type PlayedAt, type PlayingPlan } from './playing.js';
import type { Unplayable } from '../data/played.js';
import type { PredictionFormat } from './prediction-line.js';
import { predictionSource, writePredictions } from './predictions.js';
import type { PlaySettings } from './settings.js';
import { bestPoint, thresholdOf, withThreshold, type Scored, type SweepPoint } from './sweep.js';

/**
 * Questions with a way to play and to score them; the scorer is the same for every threshold, so that a judge
 * may remember.
 */
export interface BenchSplit extends PlayableSplit {
  /** `predictions` opens what is scored, once for every reading. */
  readonly score: (predictions: () => PredictionSource) => Promise<Scored>;
}

/** A whole benchmark. */
export interface BenchPlan {
  readonly folder: string;
  readonly settings: PlaySettings;
  readonly split: BenchSplit;
  /** Thresholds to try besides the one of the settings; null for none. */
  readonly thresholds: readonly number[] | null;
  /** A development split on which the threshold is chosen; null keeps the one of the settings. */
  readonly development: BenchSplit | null;
  readonly failFast: boolean;
  /** How the scores of frames are written into `predictions.jsonl`; default `current`. */
  readonly format?: PredictionFormat;
  readonly onProgress: (split: 'development' | 'test', done: number, total: number) => void;
}

/** The figures at every threshold. */
export interface Sweep {
  readonly points: readonly SweepPoint[];
  readonly chosen: number;
  readonly chosenOn: 'settings' | 'development split';
  /** Questions of the development split that could not be played, and had no say. */
  readonly unplayableInDevelopment: readonly Unplayable[];
  /** Why the model ran once for each threshold; null where one run served all. */
  readonly whyNotOnce: string | null;
}

/** What a benchmark leaves behind; dispose it once the examples have been read. */
export interface BenchResult extends PlayedAt, Scored, AsyncDisposable {
  readonly sweep: Sweep | null;
  readonly predictionsFile: string;
}

/**
 * Plays a benchmark, writes `predictions.jsonl` into its folder, and scores. May be stopped at any moment and
 * begun again with the same plan: what was played is not played again. Throws what playing and scoring throw.
 */
export async function runBench(plan: BenchPlan, signal: AbortSignal): Promise<BenchResult> {
  const thresholds = thresholdsOf(plan);
  const { chosen, unplayable } = await choose(plan, thresholds, signal);
  const playing = new Playing(playingPlan(plan, 'test', thresholds));
  try {
    const played = await playing.at(chosen, signal);
    const predictionsFile = join(plan.folder, 'predictions.jsonl');
    await writePredictions(played.run, played.turns, predictionsFile, plan.format);
    const points =
      thresholds === null ? [] : await scoreEach(playing, plan.split, thresholds, predictionsFile, signal);
    const known = points.find(({ threshold }) => threshold === chosen);
    const source = () => predictionSource(played.run, played.turns, predictionsFile);
    return {
      ...played,
      ...(known ?? (await plan.split.score(source))),
      sweep:
        chosen === null
          ? null
          : { points, chosen, unplayableInDevelopment: unplayable, ...provenance(plan, playing) },
      predictionsFile,
      [Symbol.asyncDispose]: () => playing[Symbol.asyncDispose](),
    };
  } catch (thrown) {
    await playing[Symbol.asyncDispose]();
    throw thrown;
  }
}

function provenance(plan: BenchPlan, { whyNotOnce }: Playing): Pick<Sweep, 'chosenOn' | 'whyNotOnce'> {
  return { chosenOn: plan.development === null ? 'settings' : 'development split', whyNotOnce };
}

/**
 * The thresholds to try, ascending, the one of the settings among them. Throws 'invalid_request' for settings
 * that never speak, and for thresholds out of their range.
 */
function thresholdsOf({ thresholds, settings }: BenchPlan): readonly number[] | null {
  if (thresholds === null) return null;
  const own = thresholdOf(settings.session);
  if (own !== null) {
    const all = [...new Set([...thresholds, own])].sort((one, other) => one - other);
    for (const threshold of all) withThreshold(settings.session, threshold);
    return all;
  }
  throw new DuetError(
    'invalid_request',
    'The policy never has no threshold to sweep; choose another --policy',
  );
}

async function choose(
  plan: BenchPlan,
  thresholds: readonly number[] | null,
  signal: AbortSignal,
): Promise<{ readonly chosen: number | null; readonly unplayable: readonly Unplayable[] }> {
  const { development, folder, settings } = plan;
  if (thresholds === null) return { chosen: null, unplayable: [] };
  if (development === null) return { chosen: thresholdOf(settings.session), unplayable: [] };
  const file = join(folder, 'development', 'predictions.jsonl');
  await using playing = new Playing(playingPlan(plan, 'development', thresholds));
  const { threshold } = bestPoint(await scoreEach(playing, development, thresholds, file, signal));
  const { run } = await playing.at(threshold, signal);
  return { chosen: threshold, unplayable: run.unplayable };
}

function playingPlan(
  plan: BenchPlan,
  which: 'development' | 'test',
  thresholds: readonly number[] | null,
): PlayingPlan {
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
  playing: Playing,
  split: BenchSplit,
  thresholds: readonly number[],
  file: string,
  signal: AbortSignal,
): Promise<SweepPoint[]> {
  const points: SweepPoint[] = [];
  for (const threshold of thresholds) {
    const { run, turns } = await playing.at(threshold, signal);
    points.push({ threshold, ...(await split.score(() => predictionSource(run, turns, file))) });
  }
  return points;
}
