import { join } from 'node:path';
import { DuetError } from '../../errors.js';
import type { ExampleRatings, RatedExample } from '../benchmark.js';
import type { Predictions } from '../data/match-predictions.js';
import type { Unplayable } from '../data/played.js';
import { questionKey } from '../data/question-id.js';
import type { Mode } from '../mode.js';
import type { Report, TaskReport } from '../report/report.js';
import { scorePredictions } from '../score.js';
import { chooseBaseline } from './choose-baseline.js';
import type { RunHooks } from './hooks.js';
import type { BenchmarkInput } from './inputs.js';
import { inOutputFolder } from './output-folder.js';
import type { BenchmarkPlan } from './plan.js';
import { playSettings, type PlaySettings } from './play/settings.js';
import { playedQuestions } from './runs/predictions.js';
import { openScorer, prepareBenchmark, type PreparedBenchmark } from './prepare.js';
import { openResources, playableSplit, whilePlayingFromQueue, type PlayResources } from './resources.js';
import { writeResults } from './results.js';
import {
  runSplits,
  type Scored,
  type ScoredSplit,
  type SplitsPlan,
  type SplitsResult,
  type SweepPoint,
} from './runs/run-splits.js';

/** The result of a benchmark run. */
export interface BenchmarkResult {
  readonly report: Report;
  /** Whether any question had an answer to score against. */
  readonly isScored: boolean;
  /** The figures at other thresholds; empty if none were requested. */
  readonly points: readonly SweepPoint[];
  /** Questions that could not be played, and why. */
  readonly unplayable: readonly Unplayable[];
  readonly nQuestions: number;
  /** The files written: predictions first, then files specific to this benchmark, then reports. */
  readonly files: readonly string[];
}

/**
 * Runs a benchmark from videos to scores: plays its questions through the same session that serves users,
 * scores the replies, and writes predictions and reports. It can be stopped at any moment and run again:
 * finished questions are not played again, and the predictions equal those of an uninterrupted run. Errors in
 * the plan are thrown before anything is played; it also throws what playing and scoring throw, and
 * 'cancelled' when interrupted.
 */
export async function runBenchmark(plan: BenchmarkPlan, hooks: RunHooks): Promise<BenchmarkResult> {
  const prepared = await prepareBenchmark(plan, hooks.signal);
  return inOutputFolder(prepared.folder, plan.restart === true, hooks.signal, () =>
    runPrepared(prepared, hooks),
  );
}

async function runPrepared(prepared: PreparedBenchmark, hooks: RunHooks): Promise<BenchmarkResult> {
  const { plan, inputs } = prepared;
  const { signal, onWarning = () => undefined, memory = null } = hooks;
  const resources = await openResources(plan, memory, onWarning, signal);
  await using model = resources.model;
  const settings = {
    ...playSettings(plan, model.capabilities),
    baseline: await chooseBaseline(prepared, resources, hooks),
  };
  return await whilePlayingFromQueue(inputs, resources, signal, async () => {
    const ready = await playDevelopmentFirst(prepared, resources, settings, hooks);
    await using result = await runSplits(splitsOf(ready, resources, settings, hooks), signal);
    await memory?.keep(result.run);
    const run = { prepared: ready, settings, resources, result };
    const written = await writeResults(run, signal);
    await reportAnswers(result, hooks);
    const { unplayable, questions } = result.run;
    const points = result.sweep?.points ?? [];
    return { ...written, isScored: inputs.test.answered, points, unplayable, nQuestions: questions.length };
  });
}

async function reportAnswers({ run, turns, ratings }: SplitsResult, { onAnswer }: RunHooks): Promise<void> {
  if (onAnswer === undefined) return;
  for await (const answer of playedQuestions(run, turns)) {
    const key = questionKey(answer.question.questionId, 'strict');
    onAnswer({ ...answer, ratings: ratings.get(key) ?? null });
  }
}

/** If the model does not speak, scoring chooses on the development split, so that split is played first. */
async function playDevelopmentFirst(
  prepared: PreparedBenchmark,
  resources: PlayResources,
  settings: PlaySettings,
  hooks: RunHooks,
): Promise<PreparedBenchmark> {
  const { plan, inputs, folder } = prepared;
  const { development } = inputs;
  if (development === null || plan.benchmark.session.speaks) return prepared;
  const alone = {
    ...prepared,
    folder: join(folder, 'development'),
    inputs: { test: development, development: null },
  };
  const splits = splitsOf(alone, resources, settings, hooks);
  const onProgress: SplitsPlan['onProgress'] = (_split, done, total) => {
    hooks.onProgress?.('playing the development split', done, total);
  };
  await using result = await runSplits({ ...splits, onProgress }, hooks.signal);
  for (const message of unplayableMessages(result.run.unplayable)) hooks.onWarning?.(message);
  const chosenOn = { annotations: development.annotations, predictions: result.predictionsFile };
  return { ...prepared, inputs: { ...inputs, development: null }, chosenOn };
}

function splitsOf(
  prepared: PreparedBenchmark,
  resources: PlayResources,
  settings: PlaySettings,
  hooks: RunHooks,
): SplitsPlan {
  const { plan, inputs, folder } = prepared;
  const splitOf = (input: BenchmarkInput): ScoredSplit => ({
    ...playableSplit(input, resources),
    score: (predictions) => scoreInput(prepared, input, predictions, hooks),
  });
  const { test, development } = inputs;
  return {
    ...{ folder, settings, split: splitOf(test), thresholds: plan.thresholds ?? null },
    development: development === null ? null : splitOf(development),
    failFast: plan.failFast === true,
    ...(plan.predictionFormat && { format: plan.predictionFormat }),
    onProgress: (split, done, total) => {
      hooks.onProgress?.(split === 'test' ? 'playing' : 'playing the development split', done, total);
    },
  };
}

async function scoreInput(
  prepared: PreparedBenchmark,
  input: BenchmarkInput,
  predictions: Predictions,
  { signal, onProgress }: RunHooks,
): Promise<Scored> {
  const ratings = new Map<string, ExampleRatings>();
  if (!input.answered) {
    const { plan, mode } = prepared;
    return { report: unscoredReport(plan.benchmark.name, mode, input.questions.length), ratings };
  }
  const onRated = (example: RatedExample): void => {
    const own = example.ratings();
    if (own !== null) ratings.set(questionKey(example.questionId, 'strict'), own);
  };
  const judgingHooks = {
    signal,
    onProgress: (done: number, total: number) => onProgress?.('judging', done, total),
  };
  const scorer = await openScorer(prepared, input);
  const outcome = await scorePredictions(scorer, predictions, prepared.judging, judgingHooks, onRated);
  if (outcome.type === 'scored') return { report: outcome.report, ratings };
  throw new DuetError('internal', 'a benchmark is scored, never only estimated');
}

/**
 * The report of questions without answers: the predictions can be viewed and submitted, but are not scored.
 */
function unscoredReport(task: string, mode: Mode, nUnlabelled: number): TaskReport {
  const count =
    nUnlabelled === 1 ? 'the question has no answer' : `none of the ${nUnlabelled} questions has an answer`;
  return {
    ...{ task, mode, options: {}, versions: {}, judge: null, headline: [], values: {} },
    notes: [`${count}, so nothing is scored`],
    counts: { nUnlabelled },
    ...{ exampleMetric: 'none', examples: [] },
  };
}

/** How many questions are named; the rest are only counted. */
const mostNamed = 10;

/** Messages naming the questions that could not be played, and why. */
export function unplayableMessages(unplayable: readonly Unplayable[]): readonly string[] {
  const named = unplayable
    .slice(0, mostNamed)
    .map(({ questionId, reason }) => `${String(questionId).slice(0, 200)} was not played: ${reason}`);
  const rest = unplayable.length - mostNamed;
  return rest > 0 ? [...named, `${rest} more were not played; the report lists all of them`] : named;
}
