import { join } from 'node:path';
import type { BenchTask } from '../../scoring/bench/bench-task.js';
import type { RedisAddress } from '../../scoring/bench/queue/redis.js';
import type { PredictionSource } from '../../scoring/files/match-predictions.js';
import { readQaAnnotations } from '../../scoring/files/qa-annotations.js';
import { readGroundingAnnotations } from '../../scoring/grounding/grounding-annotations.js';
import { readHighlightAnnotations } from '../../scoring/highlight/highlight-annotations.js';
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
}

/** Finds everything that can be wrong before anything is played. */
export async function prepareBench(
  task: BenchTask,
  flags: BenchFlags,
  signal: AbortSignal,
): Promise<PreparedBench> {
  refuseVainFlags(task, flags);
  const inputs = await findInputs(task, flags);
  const rules = rulesOf(flags, inputs.test);
  const redis = await redisOf(flags.queue);
  for (const input of [inputs.test, inputs.development])
    if (input) await tryRules(task, rules, input, signal);
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

/** A prediction file without a line. */
export function noPredictions(): PredictionSource {
  const done = { done: true, value: undefined } as const;
  const predictions = { [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve(done) }) };
  return { file: 'predictions.jsonl', predictions };
}
