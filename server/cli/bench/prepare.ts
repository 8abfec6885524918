import { join } from 'node:path';
import { DuetError } from '../../errors.js';
import { traitsOf, type BenchTask } from '../../scoring/bench/bench-task.js';
import type { RedisAddress } from '../../scoring/bench/queue/redis.js';
import type { PredictionSource } from '../../scoring/files/match-predictions.js';
import { readQaAnnotations } from '../../scoring/files/qa-annotations.js';
import { readGroundingAnnotations } from '../../scoring/grounding/grounding-annotations.js';
import { readHighlightAnnotations } from '../../scoring/highlight/highlight-annotations.js';
import type { RunFlags } from './bench-flags.js';
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

/** Finds everything that can be wrong before anything is played. */
export async function prepareBench(
  task: BenchTask,
  flags: BenchFlags,
  signal: AbortSignal,
): Promise<PreparedBench> {
  refuseLoneFlags(task, flags);
  const inputs = await findInputs(task, flags);
  const rules = rulesOf(flags, inputs.test);
  const redis = await redisOf(flags.queue);
  for (const input of [inputs.test, inputs.development])
    if (input) await tryRules(task, rules, input, signal);
  const folder = flags.output ?? join('duet-bench', task);
  return { task, flags, inputs, rules, folder, redis };
}

/** Flags that would be passed over in silence. */
function refuseLoneFlags(task: BenchTask, flags: BenchFlags): void {
  const { onlyQueue, queue, devAnnotations, devVideos, sweep, judgeDryRun } = flags;
  const lone = (flag: string, remedy: string): never => {
    throw new DuetError('invalid_request', `${flag} ${remedy}`);
  };
  if (onlyQueue && queue === undefined) lone('--only-queue', 'needs --queue: where the workers wait');
  if (devVideos !== undefined && devAnnotations === undefined)
    lone(`--dev-videos ${devVideos}`, 'needs --dev-annotations: the questions to ask of the videos');
  if (devAnnotations !== undefined && sweep === undefined && traitsOf(task).speaks)
    lone(`--dev-annotations ${devAnnotations}`, 'needs --sweep: the thresholds to choose from');
  if (judgeDryRun)
    lone(
      '--judge-dry-run',
      'needs predictions first: run with --judge lexical, then `duet score --judge-dry-run` on its predictions.jsonl',
    );
}

/** The bundled samples have a judge that knows them. */
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

function noPredictions(): PredictionSource {
  const done = { done: true, value: undefined } as const;
  const predictions = { [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve(done) }) };
  return { file: 'predictions.jsonl', predictions };
}
