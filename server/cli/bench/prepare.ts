import { join } from 'node:path';
import { DuetError } from '../../errors.js';
import type { Benchmark, DevelopmentSplit, GivenRules, Scorer } from '../../scoring/benchmark.js';
import type { PredictionSource } from '../../scoring/data/match-predictions.js';
import { questionKey } from '../../scoring/data/question-id.js';
import type { RedisAddress } from '../../scoring/runner/queue/redis.js';
import { scorePredictions } from '../../scoring/score.js';
import type { JudgeFlags } from '../judge/judge-flags.js';
import { rulesOf } from '../rule-flags.js';
import type { JudgingPlan } from '../../scoring/judges/judging-plan.js';
import { judgingPlanOf } from '../judge/judging-plan-of.js';
import { unknownRule, type ReportFlags } from '../report-flags.js';
import { baselineName } from './baseline-flag.js';
import type { RunFlags } from './bench-flags.js';
import { findInputs, type BenchInput, type BenchInputs } from './inputs.js';
import { redisOf } from './redis-of.js';
import { refuseVainFlags } from './vain-flags.js';

/** Every flag of `duet bench <benchmark>`. */
export type BenchFlags = RunFlags & ReportFlags & JudgeFlags;

/** What is known before the model is loaded. */
export interface PreparedBench {
  readonly benchmark: Benchmark;
  readonly flags: BenchFlags;
  readonly inputs: BenchInputs;
  readonly rules: GivenRules;
  /** Where scoring makes the benchmark's choice; null where it makes none. */
  readonly chosenOn: DevelopmentSplit | null;
  readonly folder: string;
  readonly redis: RedisAddress | null;
  /** Where nobody chose a window or threshold: at which the figures are reported. */
  readonly choiceNote?: string;
}

/** Finds everything that can be wrong before anything is played. */
export async function prepareBench(
  benchmark: Benchmark,
  flags: BenchFlags,
  signal: AbortSignal,
): Promise<PreparedBench> {
  refuseVainFlags(benchmark, flags);
  const found = await findInputs(benchmark, flags);
  const redis = await redisOf(flags.queue);
  const rules = rulesOf(benchmark, flags);
  const folder = flags.output ?? join('duet-bench', folderName(benchmark, flags));
  const prepared = { benchmark, flags, inputs: found, rules, chosenOn: null, folder, redis };
  const test = await tryRules(prepared, found.test, signal);
  const development = found.development && (await tryRules(prepared, found.development, signal));
  const inputs = { test, development };
  requireAnswers(flags, inputs);
  return { ...prepared, inputs };
}

/** Runs of other baselines and frames do not get into each other's way. */
function folderName({ name }: Benchmark, { baseline, frames }: BenchFlags): string {
  const names = [name, baseline && baselineName(baseline).replace(':', '-'), frames];
  return names.filter((part) => part !== undefined).join('-');
}

/** Opens a scorer for an input. */
export function openScorer(
  { benchmark, flags, rules, chosenOn: development }: PreparedBench,
  input: BenchInput,
): Promise<Scorer> {
  return benchmark.open({
    annotations: input.annotations,
    mode: flags.mode,
    unknown: unknownRule(flags),
    rules: { ...limitRules(benchmark, input), ...rules },
    development,
  });
}

/**
 * Questions left out by `--limit` are not missing answers; questions without an answer have no score, and
 * none is made up for them.
 */
function limitRules({ rulesWhenLimited }: Benchmark, { questions, annotated }: BenchInput): GivenRules {
  if (questions.length === annotated.length) return {};
  return rulesWhenLimited(questions.filter(({ gold }) => gold.length > 0).length);
}

/** Who judges, where a judge is needed; the bundled test set has one that knows its world. */
export function judgingOf({ benchmark, flags, inputs }: PreparedBench): JudgingPlan | null {
  if (benchmark.judging === null) return null;
  const { judge } = flags;
  return judgingPlanOf(judge === undefined && inputs.test.bundled ? { ...flags, judge: 'exact' } : flags);
}

/**
 * Reads the answers, and opens the judge by scoring no predictions at all; without any answers there is
 * nothing to open it for.
 */
async function tryRules(
  prepared: PreparedBench,
  input: BenchInput,
  signal: AbortSignal,
): Promise<BenchInput> {
  const scorer = await openScorer(prepared, input);
  const { mode } = prepared.flags;
  const answered = input.questions.some(
    ({ questionId }) => scorer.gold.unlabelled?.has(questionKey(questionId, mode)) !== true,
  );
  if (answered && scorer.type === 'judged') {
    await scorePredictions(scorer, noPredictions, judgingOf(prepared), { signal });
  }
  return { ...input, answered };
}

/** Choosing needs figures, so there must be something to score. */
function requireAnswers(flags: BenchFlags, { test, development }: BenchInputs): void {
  if (development?.answered === false)
    throw new DuetError(
      'invalid_request',
      `${development.annotations}: no question has an answer to choose by`,
    );
  if (!test.answered && development === null && flags.sweep !== undefined)
    throw new DuetError(
      'invalid_request',
      `--sweep needs answers to score, and ${test.annotations} has none`,
    );
}

/** A prediction file without a line. */
export function noPredictions(): PredictionSource {
  const done = { done: true, value: undefined } as const;
  const predictions = { [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve(done) }) };
  return { file: 'predictions.jsonl', predictions };
}
