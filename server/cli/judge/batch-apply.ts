import { join } from 'node:path';
import { DuetError } from '../../errors.js';
import { readManifest, type BatchManifest } from '../../scoring/judges/batch/batch-folder.js';
import { readResults, type BatchResults } from '../../scoring/judges/batch/read-results.js';
import { cacheKey } from '../../scoring/judges/asking/cached-judge.js';
import { openReplyCache } from '../../scoring/judges/asking/reply-cache.js';
import { notJudgedReasons } from '../../scoring/judges/report/require-ratings.js';
import { openRecording, type RecordedJudge } from '../../scoring/judges/asking/recording.js';
import type { JudgeFlags } from './judge-flags.js';
import type { JudgeFilesFlags } from './judge-files-flags.js';
import { judgeFiles } from './judge-files.js';
import { judgeSettingsOf } from './judge-settings-of.js';
import { magqaTask, paucTask } from './judge-task.js';
import { shownUrl } from '../../scoring/judges/kinds/openai/endpoint-fault.js';

/** Flags of `duet judge batch apply`. */
export interface BatchApplyFlags extends JudgeFlags {
  readonly record?: string;
  readonly output?: string;
}

/**
 * Puts the fetched replies of a batch where they are found again: into a recording, into the cache, and,
 * where a file is named, into a judged file. May be repeated whenever more has been fetched. A judged file
 * needs every reply.
 */
export async function applyBatch(
  folder: string,
  flags: BatchApplyFlags,
  signal: AbortSignal,
): Promise<string> {
  const manifest = readManifest(folder);
  const results = await readResults(folder);
  const record = flags.record ?? join(folder, 'replies.jsonl');
  recordAll(record, results, { id: manifest.judge, promptHash: manifest.prompt_hash });
  await cacheAll(manifest, results, flags, signal);
  const { nMissing, nCutOff, faults } = results;
  const refused = notJudgedReasons(results.results);
  const nRefused = refused.reduce((total, { n }) => total + n, 0);
  const nReplies = results.results.length - nMissing - nRefused;
  const lines = [
    `${record}: ${nReplies} replies, ${nMissing} requests without one`,
    ...(nCutOff > 0
      ? [
          `${nCutOff} replies were cut off before their rating; create ` +
            'the batch with a higher --judge-max-tokens',
        ]
      : []),
    ...refused.map(({ reason, n }) => `${n} cases are not judged: ${reason}`),
    ...faults.map((fault) => `bad result: ${fault}`),
  ];
  if (flags.output === undefined) return lines.join('\n');
  if (nMissing > 0) throw incomplete(folder, nMissing, record);
  const filesFlags = filesFlagsOf(manifest, flags, { output: flags.output, record });
  const task = manifest.task === 'magqa' ? await magqaTask(filesFlags) : await paucTask(filesFlags);
  return [...lines, await judgeFiles(filesFlags, task, signal)].join('\n');
}

function recordAll(file: string, { results, rubric }: BatchResults, judge: RecordedJudge): void {
  const recording = openRecording(file, judge);
  try {
    for (const { judgeCase, reply } of results) {
      if (reply !== null) recording.add({ judgeCase, rubric, reply });
    }
  } finally {
    recording.close();
  }
}

/** Later runs with the same judge find the replies as if they had asked. */
async function cacheAll(
  manifest: BatchManifest,
  { results, rubric }: BatchResults,
  flags: BatchApplyFlags,
  signal: AbortSignal,
): Promise<void> {
  const { cacheFolder, url } = judgeSettingsOf(flags, signal);
  if (cacheFolder === null) return;
  const cache = await openReplyCache(cacheFolder);
  const judge = { id: manifest.judge, promptHash: manifest.prompt_hash, endpoint: shownUrl(url) };
  for (const { judgeCase, reply } of results) {
    if (typeof reply !== 'string') continue;
    const { question, gold, prediction: pred } = judgeCase;
    await cache.keep(cacheKey(judge, judgeCase, rubric), {
      question,
      gold,
      pred,
      rubric,
      judge: judge.id,
      reply,
    });
  }
}

function filesFlagsOf(
  manifest: BatchManifest,
  flags: BatchApplyFlags,
  files: { readonly output: string; readonly record: string },
): JudgeFilesFlags {
  return {
    ...flags,
    ...files,
    mode: manifest.mode,
    pred: manifest.pred,
    gold: manifest.gold,
    judge: manifest.judge,
    judgeMaxTokens: manifest.max_tokens,
    keepRefusals: true,
    ...(manifest.concat ? { concat: true } : {}),
    ...(manifest.skip_unknown ? { skipUnknown: true } : {}),
  };
}

function incomplete(folder: string, nMissing: number, record: string): DuetError {
  const remedy =
    `ask for them with duet judge --record ${record}, or hand them ` +
    'in with duet judge batch submit --again';
  return new DuetError('invalid_request', `${folder}: ${nMissing} requests have no reply; ${remedy}`);
}
