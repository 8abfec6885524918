import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { DuetError } from '../../../errors.js';
import { makeFolder } from '../../../make-folder.js';
import type { PredictionSource } from '../../data/match-predictions.js';
import { dryRunJudge } from '../asking/dry-run.js';
import { caseKey } from '../judge.js';
import type { BatchRequest } from '../batch-request.js';
import type { JudgedBenchmark, JudgingRules } from '../judged-benchmark.js';
import { chatRequest, promptHashOf } from '../kinds/openai/chat-request.js';
import { firstForm, replyRoomOf } from '../kinds/openai/request-form.js';
import { findBatchManifest, writeBatchManifest, type BatchManifest } from './batch-folder.js';
import { writeRequestFiles } from './request-files.js';

/** What a batch is made from. */
interface BatchPlan {
  readonly benchmark: JudgedBenchmark;
  readonly rules: JudgingRules;
  /** Such as `openai:gpt-4o-2024-08-06`; other kinds have no batch API. */
  readonly judge: string;
  /** Most tokens of a reply; null for the default first limit. */
  readonly maxTokens: number | null;
  readonly source: PredictionSource;
  /** File of the annotations. */
  readonly gold: string;
}

/**
 * Writes the request files of a batch into a folder, one request per distinct case, and its manifest. A
 * folder that holds the same batch is left unchanged; one that holds another batch is refused.
 */
export async function createBatch(folder: string, plan: BatchPlan): Promise<BatchManifest> {
  const model = modelOf(plan);
  const requests = await requestsOf(plan);
  const lines = requests.map((request) => requestLine(model, plan, request));
  const sha256 = createHash('sha256').update(lines.join('\n')).digest('hex');
  const earlier = findBatchManifest(folder);
  if (earlier !== null) return sameOrRefused(folder, earlier, sha256);
  await makeFolder(folder);
  const cases = requests.map(({ customId: custom_id, question, gold, prediction: pred }) =>
    JSON.stringify({ custom_id, question, gold, pred }),
  );
  await writeFileAtomic(join(folder, 'cases.jsonl'), `${cases.join('\n')}\n`);
  const manifest = { ...describe(model, plan), sha256, files: writeRequestFiles(folder, lines) };
  await writeBatchManifest(folder, manifest);
  return manifest;
}

function modelOf({ judge }: BatchPlan): string {
  const model = /^openai:(.+)$/s.exec(judge)?.[1];
  if (model !== undefined) return model;
  throw new DuetError('invalid_request', `--judge ${judge} has no batch API; use openai:<model>`);
}

function sameOrRefused(folder: string, earlier: BatchManifest, sha256: string): BatchManifest {
  if (earlier.sha256 === sha256) return earlier;
  throw new DuetError(
    'invalid_request',
    `${folder}: holds the batch of other requests; choose another folder`,
  );
}

/** The requests of all predictions, one per distinct case, in order. Throws if there are none. */
async function requestsOf({ benchmark, gold, rules, source }: BatchPlan): Promise<BatchRequest[]> {
  const judgePredictions = await benchmark.openGold(gold, rules);
  const requests = new Map<string, BatchRequest>();
  const ids = new Set<string>();
  await judgePredictions({
    source,
    judge: dryRunJudge(),
    concurrency: 1,
    onJudged: (judged) => {
      for (const request of judged.requests()) {
        if (ids.has(request.customId)) throw repeated(source.file, request.customId);
        ids.add(request.customId);
        const key = caseKey(request);
        if (!requests.has(key)) requests.set(key, request);
      }
    },
  });
  if (requests.size > 0) return [...requests.values()];
  const message = `${source.file}: there is nothing to judge: no reply lies in the span of a gold answer`;
  throw new DuetError('invalid_request', message);
}

function repeated(file: string, id: string): DuetError {
  const message =
    `${file}: field question_id: two requests have the id ` +
    `${JSON.stringify(id)}; each question can be predicted once`;
  return new DuetError('invalid_request', message);
}

function requestLine(model: string, { benchmark, maxTokens }: BatchPlan, request: BatchRequest): string {
  const form = firstForm(model, replyRoomOf(maxTokens));
  const { body } = chatRequest(model, form, request, benchmark.rubric);
  return JSON.stringify({ custom_id: request.customId, method: 'POST', url: '/v1/chat/completions', body });
}

function describe(model: string, plan: BatchPlan): Omit<BatchManifest, 'sha256' | 'files'> {
  const { benchmark, rules, maxTokens, source, gold } = plan;
  return {
    task: benchmark.task,
    mode: rules.mode,
    judge: `openai:${model}`,
    prompt_hash: promptHashOf(model, maxTokens),
    max_tokens: maxTokens,
    pred: resolve(source.file),
    gold: resolve(gold),
    concat: rules.concat,
    skip_unknown: rules.unknown === 'skip',
  };
}
