import { join } from 'node:path';
import { DuetError } from '../../errors.js';
import type { BenchTask } from '../../scoring/runner/bench-task.js';
import type { RedisAddress } from '../../scoring/runner/queue/redis.js';
import type { PredictionSource } from '../../scoring/data/match-predictions.js';
import { readQaAnnotations } from '../../scoring/data/qa-annotations.js';
import { questionKey } from '../../scoring/data/question-id.js';
import type { Gold } from '../../scoring/data/unique-ids.js';
import { readGroundingAnnotations } from '../../scoring/benchmarks/grounding/grounding-annotations.js';
import { readHighlightAnnotations } from '../../scoring/benchmarks/highlights/highlight-annotations.js';
import type { Mode } from '../../scoring/mode.js';
import { readProactiveAnnotations } from '../../scoring/benchmarks/proactive/pauc-annotations.js';
import { baselineName } from './baseline-flag.js';
import type { RunFlags } from './bench-flags.js';
import { findInputs, type BenchInput, type BenchInputs } from './inputs.js';
import { redisOf } from './redis-of.js';
import { refuseVainFlags } from './vain-flags.js';
import { scoreTask, type RuleFlags } from './score-task.js';

/** Every flag of `duet bench <task>`. */
export type BenchFlags = RunFlags & RuleFlags;

/** What is known before the model is loaded. */
export interface PreparedBench {
  readonly task: BenchTask;
  readonly flags: BenchFlags;
  readonly inputs: BenchInputs;
  readonly rules: RuleFlags;
  readonly folder: string;
  readonly redis: RedisAddress | null;
  /** Where nobody chose a window or threshold: at which the figures are reported. */
  readonly choiceNote?: string;
}

/** Finds everything that can be wrong before anything is played. */
export async function prepareBench(
  task: BenchTask,
  flags: BenchFlags,
  signal: AbortSignal,
): Promise<PreparedBench> {
  refuseVainFlags(task, flags);
  const found = await findInputs(task, flags);
  const rules = rulesOf(flags, found.test);
  const redis = await redisOf(flags.queue);
  const test = await tryRules(task, rules, found.test, signal);
  const development = found.development && (await tryRules(task, rules, found.development, signal));
  const inputs = { test, development };
  requireAnswers(flags, inputs);
  const folder = flags.output ?? join('duet-bench', folderName(task, flags));
  return { task, flags, inputs, rules, folder, redis };
}

/** Runs of other baselines and frames do not get into each other's way. */
function folderName(task: BenchTask, { baseline, frames }: BenchFlags): string {
  const names = [task, baseline && baselineName(baseline).replace(':', '-'), frames];
  return names.filter((name) => name !== undefined).join('-');
}

/** The bundled test set has a judge that knows its world. */
function rulesOf(flags: BenchFlags, { bundled }: BenchInput): RuleFlags {
  return { ...flags, ...(flags.judge === undefined && bundled && { judge: 'exact' }) };
}

/** How the answers of each benchmark are read. */
const goldReaders: Readonly<Record<BenchTask, (file: string, mode: Mode) => Promise<Gold<unknown>>>> = {
  magqa: readQaAnnotations,
  youcook2: readQaAnnotations,
  charades: readGroundingAnnotations,
  qvhighlights: readHighlightAnnotations,
  proactive: readProactiveAnnotations,
};

/**
 * Reads the answers, and opens the judge by scoring no predictions at all; without any answers there is
 * nothing to open it for.
 */
async function tryRules(
  task: BenchTask,
  rules: RuleFlags,
  input: BenchInput,
  signal: AbortSignal,
): Promise<BenchInput> {
  const { annotations, questions } = input;
  const { unlabelled } = await goldReaders[task](annotations, rules.mode);
  const answered = questions.some(
    ({ questionId }) => unlabelled?.has(questionKey(questionId, rules.mode)) !== true,
  );
  if (!answered) return { ...input, answered };
  if (task === 'magqa' || task === 'proactive') {
    const input = { annotations, predictions: noPredictions, onJudged: () => undefined };
    await scoreTask(task, rules, input, signal);
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
