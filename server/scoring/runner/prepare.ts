import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DuetError } from '../../errors.js';
import { findModel } from '../../runtime/find-model.js';
import type { Benchmark, DevelopmentSplit, GivenRules, Scorer, ScoringChoice } from '../benchmark.js';
import { questionKey } from '../data/question-id.js';
import { judgingBy, type JudgingPlan } from '../judges/judging-plan.js';
import type { Mode } from '../mode.js';
import { noPredictions, scorePredictions } from '../score.js';
import { findInputs, type BenchmarkInput, type BenchmarkInputs } from './inputs.js';
import { outputFolder } from './output-folder.js';
import { checkPlan, type BenchmarkPlan } from './plan.js';

/** A plan after all checks and lookups that are possible before loading a model. */
export interface PreparedBenchmark {
  readonly plan: BenchmarkPlan;
  readonly mode: Mode;
  readonly inputs: BenchmarkInputs;
  readonly rules: GivenRules;
  /** The split on which scoring makes the benchmark's choice; null for none. */
  readonly chosenOn: DevelopmentSplit | null;
  readonly judging: JudgingPlan | null;
  readonly folder: string;
  /** If nothing was chosen: a note on the values used instead. */
  readonly choiceNote: string | null;
}

/**
 * Checks everything in a plan that can be wrong before anything is played. Throws 'invalid_request' and
 * 'not_found', naming what is wrong, and what reading annotations and opening a judge throw.
 */
export async function prepareBenchmark(plan: BenchmarkPlan, signal: AbortSignal): Promise<PreparedBenchmark> {
  checkPlan(plan);
  const mode = plan.mode ?? 'strict';
  const inputs = await findInputs(plan);
  await requireQueue(plan);
  const prepared = {
    ...{ plan, mode, inputs, rules: plan.rules ?? {}, chosenOn: null, choiceNote: null },
    judging: judgingOf(plan, mode, inputs),
    folder: outputFolder(plan),
  };
  const test = await tryScoring(prepared, inputs.test, signal);
  const development = inputs.development && (await tryScoring(prepared, inputs.development, signal));
  requireAnswers(plan, { test, development });
  return withDefaultChoice({ ...prepared, inputs: { test, development } });
}

/** Opens a scorer for an input. */
export function openScorer(
  { plan, mode, rules, chosenOn: development }: PreparedBenchmark,
  { annotations, ...input }: BenchmarkInput,
): Promise<Scorer> {
  const { benchmark, unknown = 'fail' } = plan;
  const given = { ...limitedRules(benchmark, input), ...rules };
  return benchmark.open({ annotations, mode, unknown, rules: given, development });
}

/** Questions left out by a limit do not count as missing, and questions without an answer are not scored. */
function limitedRules(
  { rulesWhenLimited }: Benchmark,
  { questions, annotated }: Pick<BenchmarkInput, 'questions' | 'annotated'>,
): GivenRules {
  if (questions.length === annotated.length) return {};
  return rulesWhenLimited(questions.filter(({ gold }) => gold.length > 0).length);
}

/** The judge, if one is needed; the bundled test set has an exact judge. */
function judgingOf(
  { benchmark, judging }: BenchmarkPlan,
  mode: Mode,
  { test }: BenchmarkInputs,
): JudgingPlan | null {
  if (benchmark.judging === null) return null;
  return judging ?? (test.bundled ? judgingBy('exact', mode) : null);
}

/** Loads the queue only when needed: most runs have none, and its library is large. */
async function requireQueue({ queue }: BenchmarkPlan): Promise<void> {
  if (queue === undefined) return;
  const { requireRedis } = await import('./queue/redis.js');
  await requireRedis(queue);
}

/**
 * Reads the answers, and checks the judge by scoring an empty set of predictions, unless there are no answers
 * to judge.
 */
async function tryScoring(
  prepared: PreparedBenchmark,
  input: BenchmarkInput,
  signal: AbortSignal,
): Promise<BenchmarkInput> {
  const scorer = await openScorer(prepared, input);
  const { unlabelled } = scorer.gold;
  const answered = input.questions.some(
    ({ questionId }) => unlabelled?.has(questionKey(questionId, prepared.mode)) !== true,
  );
  if (answered && scorer.type === 'judged') {
    await scorePredictions(scorer, noPredictions, prepared.judging, { signal });
  }
  return { ...input, answered };
}

/** Choosing a threshold needs scores, so there must be answers. */
function requireAnswers({ thresholds }: BenchmarkPlan, { test, development }: BenchmarkInputs): void {
  if (development?.answered === false)
    throw new DuetError(
      'invalid_request',
      `${development.annotations}: no question has an answer to choose by`,
    );
  if (!test.answered && development === null && thresholds !== undefined)
    throw new DuetError(
      'invalid_request',
      `--sweep needs answers to score, and ${test.annotations} has none`,
    );
}

/**
 * The rules to use if nothing was chosen: those of the model's own figures, or fixed ones. Neither depends on
 * the split being scored.
 */
async function withDefaultChoice(prepared: PreparedBenchmark): Promise<PreparedBenchmark> {
  const { plan, rules, inputs } = prepared;
  const { choice } = plan.benchmark;
  if (choice === null || inputs.development !== null) return prepared;
  const names = Object.keys(choice.fixed);
  if (names.some((name) => rules[name] !== undefined)) return prepared;
  const { folder } = await findModel(plan.model, { onWarning: () => undefined });
  const own = folder === null ? null : await ownChoice(choice, folder);
  const values = own ?? choice.fixed;
  const origin = own === null ? 'fixed beforehand' : "as for the figures of the model's card";
  const said = names.map((name) => `${name} ${values[name]}`).join(' and ');
  const flags = names.map((name) => `--${name}`).join(' and ');
  return {
    ...prepared,
    rules: { ...rules, ...values },
    choiceNote: `reported at ${said}, ${origin}; choose with ${flags} or --dev-annotations`,
  };
}

/** The part of a model's `figures.json` with the values used for its own figures. */
const figuresSchema = z.object({ variants: z.object({ model: z.unknown() }) });

async function ownChoice({ ofFigures }: ScoringChoice, modelFolder: string): Promise<GivenValues | null> {
  const text = await readFile(join(modelFolder, 'figures.json'), 'utf8').catch(() => null);
  const figures = figuresSchema.safeParse(text === null ? null : parsed(text)).data;
  return figures === undefined ? null : ofFigures(figures.variants.model);
}

type GivenValues = Readonly<Record<string, number>>;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
