import { join } from 'node:path';
import type { ExampleRatings, RatedExample } from '../../scoring/benchmark.js';
import type { Predictions } from '../../scoring/data/match-predictions.js';
import { questionKey } from '../../scoring/data/question-id.js';
import type { Scored } from '../../scoring/runner/sweep.js';
import { scorePredictions } from '../../scoring/score.js';
import { DuetError } from '../../errors.js';
import { showJudging } from '../judge/show-judging.js';
import { defaultModel, type Config } from '../../config.js';
import { findModelFolder, openModel } from '../../runtime/find-model.js';
import {
  runBench,
  type BenchPlan,
  type BenchResult,
  type BenchSplit,
} from '../../scoring/runner/run-bench.js';
import type { PlaySettings } from '../../scoring/runner/settings.js';
import { oneLine } from '../exit-code.js';
import { ProgressBar } from '../progress-bar.js';
import { ablationNames } from './ablation-notes.js';
import { withBaseline } from './choose-baseline.js';
import type { BenchInput } from './inputs.js';
import { modelFingerprint } from './model-fingerprint.js';
import { playSettings } from './play-settings.js';
import type { PlayMemory } from './play-memory.js';
import { judgingOf, openScorer, type PreparedBench } from './prepare.js';
import { playableSplit, type Playground } from './split.js';
import { unscoredReport } from './unscored-report.js';
import { tellUnplayable } from './tell-unplayable.js';
import { withWorker } from './with-worker.js';

/** What the progress bar says. */
const phases = { test: 'playing', development: 'playing the development split' } as const;

/** A benchmark that was played and scored. */
export interface CompletedBench {
  readonly prepared: PreparedBench;
  readonly title: string;
  readonly settings: PlaySettings;
  /** How it was played, by name, for whoever reads the report. */
  readonly run: Readonly<Record<string, unknown>>;
  readonly result: BenchResult;
}

/**
 * Plays and scores a benchmark, and hands the result to `complete` before it is freed. `memory` saves playing
 * what another run played.
 */
export async function runPrepared(
  prepared: PreparedBench,
  config: Config,
  complete: (bench: CompletedBench) => Promise<void>,
  signal: AbortSignal,
  memory?: PlayMemory,
): Promise<void> {
  const { benchmark, flags, inputs } = prepared;
  const ground = { ...(await openGround(prepared, config, signal)), ...(memory && { memory }) };
  await using model = ground.model;
  const { name, version } = model.capabilities;
  const progress = new ProgressBar('questions');
  const settings = await withBaseline(
    playSettings(benchmark, flags, model.capabilities),
    prepared,
    ground,
    progress,
    signal,
  );
  await withWorker(inputs, ground, signal, async () => {
    const ready = await playDevelopmentFirst(prepared, ground, settings, progress, signal);
    const plan = planOf(ready, ground, settings, progress, signal);
    await using result = await runBench(plan, signal).finally(() => {
      progress.end();
    });
    const title = [`${benchmark.title}: ${name} ${version}`, ...ablationNames(settings)].join(', ');
    const { session, ...others } = settings;
    const run = {
      model: `${name} ${version}`,
      model_fingerprint: ground.modelFingerprint,
      ...others,
      ...session,
    };
    await complete({ prepared, title, settings, run: { preset: flags.preset, ...run }, result });
  });
}

/**
 * Where nothing is said, scoring chooses on the development split, so its predictions must be there before.
 */
async function playDevelopmentFirst(
  prepared: PreparedBench,
  ground: Playground,
  settings: BenchPlan['settings'],
  progress: ProgressBar,
  signal: AbortSignal,
): Promise<PreparedBench> {
  const { benchmark, inputs, folder } = prepared;
  const { development } = inputs;
  if (development === null || benchmark.session.speaks) return prepared;
  const alone = {
    ...prepared,
    folder: join(folder, 'development'),
    inputs: { test: development, development: null },
  };
  const plan = planOf(alone, ground, settings, progress, signal);
  const onProgress: BenchPlan['onProgress'] = (_split, done, total) => {
    progress.show(phases.development, done, total);
  };
  await using result = await runBench({ ...plan, onProgress }, signal);
  tellUnplayable(result.run.unplayable, warn);
  const chosenOn = { annotations: development.annotations, predictions: result.predictionsFile };
  return { ...prepared, inputs: { ...inputs, development: null }, chosenOn };
}

async function openGround(
  { flags, redis }: PreparedBench,
  config: Config,
  signal: AbortSignal,
): Promise<Playground> {
  const place = defaultModel(config);
  const fingerprint = await modelFingerprint(findModelFolder(place));
  const model = await openModel(place, { workers: config.workers, onWarning: warn }, signal);
  const jobs = flags.onlyQueue === true ? 0 : flags.jobs;
  const { allowBundledFfmpeg } = config;
  return { model, modelFingerprint: fingerprint, allowBundledFfmpeg, jobs, redis };
}

function planOf(
  prepared: PreparedBench,
  ground: Playground,
  settings: BenchPlan['settings'],
  progress: ProgressBar,
  signal: AbortSignal,
): BenchPlan {
  const { benchmark, flags, inputs, folder } = prepared;
  const splitOf = (input: BenchInput): BenchSplit => ({
    ...playableSplit(input, ground),
    score: async (predictions) => {
      progress.end();
      if (!input.answered) {
        const report = unscoredReport(benchmark.name, flags.mode, input.questions.length);
        return { report, ratings: new Map() };
      }
      return scoreInput(prepared, input, predictions, signal);
    },
  });
  const { test, development } = inputs;
  return {
    ...{ folder, settings, split: splitOf(test), thresholds: flags.sweep ?? null },
    development: development === null ? null : splitOf(development),
    failFast: flags.failFast === true,
    ...(flags.predictionFormat && { format: flags.predictionFormat }),
    onProgress: (split, done, total) => {
      progress.show(phases[split], done, total);
    },
  };
}

async function scoreInput(
  prepared: PreparedBench,
  input: BenchInput,
  predictions: Predictions,
  signal: AbortSignal,
): Promise<Scored> {
  const scorer = await openScorer(prepared, input);
  const ratings = new Map<string, ExampleRatings>();
  const onRated = (example: RatedExample): void => {
    const own = example.ratings();
    if (own !== null) ratings.set(questionKey(example.questionId, 'strict'), own);
  };
  const outcome = await showJudging((onProgress) =>
    scorePredictions(scorer, predictions, judgingOf(prepared), { onProgress, signal }, onRated),
  );
  if (outcome.type === 'scored') return { report: outcome.report, ratings };
  throw new DuetError('internal', 'a benchmark is scored, never only estimated');
}

function warn(message: string): void {
  process.stderr.write(`duet: ${oneLine(message)}\n`);
}
