import { DuetError } from '../../../errors.js';
import { openReplyCache } from '../asking/cached-judge.js';
import { openRecording } from '../asking/recording.js';
import type { JudgingHooks } from '../judging.js';
import type { JudgedFileOutcome, JudgedFilePlan } from '../judged-file/judge-file.js';
import { judgeFile } from '../judged-file/judge-file.js';
import { shownUrl } from '../../../endpoint/address.js';
import type { ReasonCount } from '../report/judging-report.js';
import { notJudgedReasons } from '../report/require-most-rated.js';
import { readBatchManifest, type BatchManifest } from './batch-folder.js';
import { readResults, type BatchResults } from './read-results.js';

/** Where the replies of a batch go. */
interface BatchApplication {
  /** How to judge from the recording into a judged file. */
  readonly plan: Omit<JudgedFilePlan, 'output' | 'recording'>;
  readonly record: string;
  /** Judged file to write; null for none. */
  readonly output: string | null;
}

/** What came of a batch. */
export interface AppliedBatch {
  readonly nReplies: number;
  readonly nMissing: number;
  /** How many of those missing were cut off before a rating. */
  readonly nCutOff: number;
  readonly notJudged: readonly ReasonCount[];
  /** Problems with lines of the result files. */
  readonly faults: readonly string[];
  /** Null if no judged file was requested. */
  readonly judged: JudgedFileOutcome | null;
}

/**
 * Writes the fetched replies of a batch to a recording, to the cache and, if one is named, to a judged file.
 * May be repeated whenever more has been fetched. A judged file needs every reply.
 */
export async function applyBatch(
  folder: string,
  { plan, record, output }: BatchApplication,
  hooks: JudgingHooks,
): Promise<AppliedBatch> {
  const manifest = readBatchManifest(folder);
  const results = await readResults(folder, plan.benchmark.rubric);
  recordAll(record, results, manifest);
  await cacheAll(manifest, results, plan);
  const { nMissing, nCutOff, faults } = results;
  const notJudged = notJudgedReasons(results.results);
  const nRefused = notJudged.reduce((total, { n }) => total + n, 0);
  const nReplies = results.results.length - nMissing - nRefused;
  const applied = { nReplies, nMissing, nCutOff, notJudged, faults, judged: null };
  if (output === null) return applied;
  if (nMissing > 0) throw incomplete(folder, nMissing, record);
  const recording = { file: record, refusals: 'keep' } as const;
  return { ...applied, judged: await judgeFile({ ...plan, output, recording }, hooks) };
}

function recordAll(file: string, { results, rubric }: BatchResults, manifest: BatchManifest): void {
  const recording = openRecording(file, { id: manifest.judge, promptHash: manifest.prompt_hash });
  try {
    for (const { judgeCase, reply } of results) {
      if (reply !== null) recording.add({ judgeCase, rubric, reply });
    }
  } finally {
    recording.close();
  }
}

/** Caches the replies, as if they had been asked for live. */
async function cacheAll(
  manifest: BatchManifest,
  { results, rubric }: BatchResults,
  { judging: { cacheFolder, judge } }: BatchApplication['plan'],
): Promise<void> {
  if (cacheFolder === null) return;
  const cache = await openReplyCache(cacheFolder);
  const asked = { id: manifest.judge, promptHash: manifest.prompt_hash, endpoint: shownUrl(judge.url) };
  for (const { judgeCase, reply } of results) {
    if (typeof reply === 'string') await cache.keep(asked, { judgeCase, rubric, reply });
  }
}

function incomplete(folder: string, nMissing: number, record: string): DuetError {
  const remedy =
    `ask for them with duet judge --record ${record}, or hand them ` +
    'in with duet judge batch submit --again';
  return new DuetError('invalid_request', `${folder}: ${nMissing} requests have no reply; ${remedy}`);
}
