import { join } from 'node:path';
import { applyBatch, type AppliedBatch } from '../../scoring/judges/batch/apply-batch.js';
import { withBatchClient } from '../../scoring/judges/batch/batch-client.js';
import {
  readBatchManifest,
  type BatchManifest,
  type BatchState,
} from '../../scoring/judges/batch/batch-folder.js';
import { createBatch } from '../../scoring/judges/batch/create-batch.js';
import { fetchBatch, refreshBatch, waitForBatch } from '../../scoring/judges/batch/fetch-batch.js';
import { submitBatch } from '../../scoring/judges/batch/submit-batch.js';
import type { JudgedBenchmark } from '../../scoring/judges/judged-benchmark.js';
import type { JudgingPlan } from '../../scoring/judges/judging-plan.js';
import { judgedBenchmark } from '../../scoring/benchmarks/judged-benchmark.js';
import { openPredictions } from '../../scoring/data/read-predictions.js';
import { unknownRule } from '../flags/report-flags.js';
import { requireDistinctFile } from './distinct-file.js';
import type { BatchApplyFlags, BatchCreateFlags, JudgeFlags } from './judge-flags.js';
import { findBenchmark } from '../../scoring/benchmarks/index.js';
import { judgingPlanOf } from './judging-plan-of.js';
import { printJudged } from './print-judged.js';
import { withJudgingProgress } from './judging-progress.js';

/** `duet judge batch create`: writes the request files. */
export function create(folder: string, flags: BatchCreateFlags): Promise<BatchManifest> {
  const { mode, pred, gold, judge, judgeMaxTokens } = flags;
  return createBatch(folder, {
    benchmark: benchmarkNamed(flags.task),
    rules: { mode, unknown: unknownRule(flags), concat: flags.concat === true },
    judge: judge ?? '',
    maxTokens: judgeMaxTokens ?? null,
    source: openPredictions(pred, { frames: false }),
    gold,
  });
}

/** A batch and the progress of its request files. */
interface BatchProgress {
  readonly manifest: BatchManifest;
  readonly state: BatchState;
}

/** `duet judge batch submit`: submits what was not submitted before. */
export async function submit(
  folder: string,
  flags: JudgeFlags & { readonly again?: true },
  signal: AbortSignal,
): Promise<BatchProgress> {
  const manifest = readBatchManifest(folder);
  const state = await withBatchClient(planFor(manifest, flags), signal, (client) =>
    submitBatch(client, folder, flags.again === true),
  );
  return { manifest, state };
}

/** `duet judge batch status`: asks for progress, with `--wait` until all batches have ended. */
export async function status(
  folder: string,
  flags: JudgeFlags & { readonly wait?: true; readonly every: number },
  signal: AbortSignal,
): Promise<BatchProgress> {
  const manifest = readBatchManifest(folder);
  const state = await withBatchClient(planFor(manifest, flags), signal, (client) =>
    flags.wait === true
      ? waitForBatch(client, folder, flags.every * 1000, signal)
      : refreshBatch(client, folder),
  );
  return { manifest, state };
}

/** `duet judge batch fetch`: downloads finished results and returns the names of the new files. */
export function fetchResults(folder: string, flags: JudgeFlags, signal: AbortSignal): Promise<string[]> {
  return withBatchClient(planFor(readBatchManifest(folder), flags), signal, (client) =>
    fetchBatch(client, folder),
  );
}

/** `duet judge batch apply`: writes the replies to a recording, the cache and, if named, a judged file. */
export async function apply(folder: string, flags: BatchApplyFlags, signal: AbortSignal): Promise<string> {
  const manifest = readBatchManifest(folder);
  const { mode, pred, gold, concat, skip_unknown: skipUnknown } = manifest;
  const record = flags.record ?? join(folder, 'replies.jsonl');
  const output = flags.output ?? null;
  if (output !== null)
    requireDistinctFile(['-o', output], { '--pred': pred, '--gold': gold, '--record': record });
  requireDistinctFile(['--record', record], { '--pred': pred, '--gold': gold });
  const plan = {
    benchmark: benchmarkNamed(manifest.task),
    judging: planFor(manifest, flags),
    predictions: () => openPredictions(pred, { frames: false }),
    gold,
    unknown: unknownRule(skipUnknown ? { skipUnknown } : {}),
    concat,
  };
  const applied = await withJudgingProgress((onProgress) =>
    applyBatch(folder, { plan, record, output }, { onProgress, signal }),
  );
  const { judged } = applied;
  const written =
    judged === null || output === null ? [] : [printJudged(judged, { output, mode, json: false })];
  return [...describeApplied(applied, record), ...written].join('\n');
}

function describeApplied({ nReplies, nMissing, nCutOff, notJudged, faults }: AppliedBatch, record: string) {
  const cutOff =
    `${nCutOff} replies were cut off before their rating; ` +
    'create the batch with a higher --judge-max-tokens';
  return [
    `${record}: ${nReplies} replies, ${nMissing} requests without one`,
    ...(nCutOff > 0 ? [cutOff] : []),
    ...notJudged.map(({ reason, n }) => `${n} cases are not judged: ${reason}`),
    ...faults.map((fault) => `bad result: ${fault}`),
  ];
}

/** The judging plan of a batch, with the service and limits from the flags. */
function planFor({ mode, judge, max_tokens: maxTokens }: BatchManifest, flags: JudgeFlags): JudgingPlan {
  return judgingPlanOf({ ...flags, mode, judge, judgeMaxTokens: maxTokens });
}

function benchmarkNamed(task: string): JudgedBenchmark {
  return judgedBenchmark(findBenchmark(task));
}
