import { join } from 'node:path';
import { DuetError } from '../../errors.js';
import type { BenchTask } from '../../scoring/bench/bench-task.js';
import type { RedisAddress } from '../../scoring/bench/queue/redis.js';
import type { PredictionSource } from '../../scoring/files/match-predictions.js';
import { readQaAnnotations } from '../../scoring/files/qa-annotations.js';
import { readGroundingAnnotations } from '../../scoring/grounding/grounding-annotations.js';
import { readHighlightAnnotations } from '../../scoring/highlight/highlight-annotations.js';
import type { RunFlags } from './bench-flags.js';
import { forgetRun } from './forget-run.js';
import { findInputs, type BenchInput, type BenchInputs } from './inputs.js';
import { redisOf } from './redis-of.js';
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
}

/** Finds everything that can be wrong before anything is played, and forgets an earlier run where that was asked for. */
export async function prepareBench(
  task: BenchTask,
  flags: BenchFlags,
  signal: AbortSignal,
): Promise<PreparedBench> {
  if (flags.judgeDryRun === true) {
    const remedy = 'run with --judge lexical, then `duet score --judge-dry-run` on its predictions.jsonl';
    throw new DuetError('invalid_request', `--judge-dry-run needs predictions first: ${remedy}`);
  }
  const inputs = await findInputs(task, flags);
  const rules = rulesFor(flags, inputs.test);
  const redis = await redisOf(flags.queue);
  for (const input of [inputs.test, inputs.development])
    if (input) await tryRules(task, rules, input, signal);
  const folder = flags.output ?? join('duet-bench', task);
  if (flags.restart === true) await forgetRun(folder);
  return { task, flags, inputs, rules, folder, redis };
}

/** The bundled samples have a judge that knows them; questions left out by `--limit` are not missing answers. */
function rulesFor(flags: BenchFlags, { bundled, questions }: BenchInput): RuleFlags {
  const judge = flags.judge === undefined && bundled ? { judge: 'exact' } : {};
  const limit = flags.limit === undefined ? {} : { numExamples: questions.length, missing: 'skip' as const };
  return { ...limit, ...flags, ...judge };
}

/** Reads the annotations, and opens the judge by scoring no predictions at all. */
async function tryRules(
  task: BenchTask,
  rules: RuleFlags,
  input: BenchInput,
  signal: AbortSignal,
): Promise<void> {
  const { annotations } = input;
  switch (task) {
    case 'magqa':
    case 'proactive':
      await scoreTask(
        task,
        rules,
        { annotations, predictions: noPredictions, onJudged: () => undefined },
        signal,
      );
      return;
    case 'youcook2':
      await readQaAnnotations(annotations, rules.mode);
      return;
    case 'charades':
      await readGroundingAnnotations(annotations, rules.mode);
      return;
    case 'qvhighlights':
      await readHighlightAnnotations(annotations, rules.mode);
      return;
    default:
      task satisfies never;
  }
}

function noPredictions(): PredictionSource {
  const done = { done: true, value: undefined } as const;
  const predictions = { [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve(done) }) };
  return { file: 'predictions.jsonl', predictions };
}
