import { join } from 'node:path';
import { DuetError } from '../../errors.js';
import type { BenchTask } from '../../scoring/bench/bench-task.js';
import type { RedisAddress } from '../../scoring/bench/queue/redis.js';
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
  const rules = { ...flags, ...(flags.judge === undefined && inputs.test.bundled && { judge: 'exact' }) };
  const redis = await redisOf(flags.queue);
  for (const input of [inputs.test, inputs.development])
    if (input) await tryRules(task, rules, input, signal);
  const folder = flags.output ?? join('duet-bench', task);
  if (flags.restart === true) await forgetRun(folder);
  return { task, flags, inputs, rules, folder, redis };
}

/** Scores no predictions at all, which reads the annotations and opens the judge. */
async function tryRules(
  task: BenchTask,
  rules: RuleFlags,
  input: BenchInput,
  signal: AbortSignal,
): Promise<void> {
  const nothing = (): AsyncIterable<never> => ({
    [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true, value: undefined }) }),
  });
  const predictions = () => ({ file: 'predictions.jsonl', predictions: nothing() });
  await scoreTask(task, rules, { ...input, predictions, onJudged: () => undefined }, signal);
}
