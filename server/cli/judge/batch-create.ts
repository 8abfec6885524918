import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { DuetError } from '../../errors.js';
import { makeFolder } from '../../make-folder.js';
import { findManifest, writeManifest, type BatchManifest } from '../../scoring/judges/batch/batch-folder.js';
import { writeRequestFiles } from '../../scoring/judges/batch/request-files.js';
import { caseKey } from '../../scoring/judges/case-key.js';
import { chatRequest, promptHashOf } from '../../scoring/judges/kinds/openai/chat-request.js';
import { firstForm, replyRoomOf } from '../../scoring/judges/kinds/openai/request-form.js';
import type { BatchRequest } from '../../scoring/benchmarks/magqa/batch-requests.js';
import type { Mode } from '../../scoring/mode.js';
import { predictionsIn } from '../score-files.js';
import type { JudgeFilesFlags } from './judge-files-flags.js';
import { magqaTask, paucTask } from './judge-task.js';

/** Flags of `duet judge batch create`. */
export interface BatchCreateFlags extends JudgeFilesFlags {
  readonly mode: Mode;
  readonly task: 'magqa' | 'pauc';
}

/**
 * Writes the request files of a batch into a folder, one request for every distinct case, and what they were
 * made of. A folder that holds the same batch is left as it is; one that holds another is refused.
 */
export async function createBatch(folder: string, flags: BatchCreateFlags): Promise<BatchManifest> {
  const model = modelOf(flags);
  const requests = await requestsOf(flags);
  if (requests.length === 0) {
    throw new DuetError(
      'invalid_request',
      `${flags.pred}: nothing is to be judged: no reply lies in the span of a gold answer`,
    );
  }
  const lines = requests.map((request) => requestLine(model, flags, request));
  const sha256 = createHash('sha256').update(lines.join('\n')).digest('hex');
  const earlier = findManifest(folder);
  if (earlier !== null) return sameOrRefused(folder, earlier, sha256);
  await makeFolder(folder);
  const cases = requests.map(({ customId: custom_id, question, gold, prediction: pred }) =>
    JSON.stringify({ custom_id, question, gold, pred }),
  );
  await writeFileAtomic(join(folder, 'cases.jsonl'), `${cases.join('\n')}\n`);
  const manifest = { ...describe(model, flags), sha256, files: writeRequestFiles(folder, lines) };
  await writeManifest(folder, manifest);
  return manifest;
}

function modelOf({ judge }: BatchCreateFlags): string {
  const model = /^openai:(.+)$/s.exec(judge ?? '')?.[1];
  if (model !== undefined) return model;
  throw new DuetError('invalid_request', `--judge ${judge ?? ''} has no batch API; use openai:<model>`);
}

function sameOrRefused(folder: string, earlier: BatchManifest, sha256: string): BatchManifest {
  if (earlier.sha256 === sha256) return earlier;
  throw new DuetError(
    'invalid_request',
    `${folder}: holds the batch of other requests; choose another folder`,
  );
}

/** The requests of all predictions, equal cases once, in order. */
async function requestsOf(flags: BatchCreateFlags): Promise<BatchRequest[]> {
  const task = flags.task === 'magqa' ? await magqaTask(flags) : await paucTask(flags);
  const requests = new Map<string, BatchRequest>();
  const ids = new Set<string>();
  const judge = { id: '', comparable: true, promptHash: null, rate: () => Promise.resolve('1') };
  await task(predictionsIn(flags.pred, false), judge, 1, (_, requestsOfLine) => {
    for (const request of requestsOfLine()) {
      if (ids.has(request.customId)) throw repeated(flags.pred, request.customId);
      ids.add(request.customId);
      const key = caseKey(request);
      if (!requests.has(key)) requests.set(key, request);
    }
  });
  return [...requests.values()];
}

function repeated(file: string, id: string): DuetError {
  const message =
    `${file}: field question_id: two requests have the id ` +
    `${JSON.stringify(id)}; each question can be predicted once`;
  return new DuetError('invalid_request', message);
}

function requestLine(model: string, flags: BatchCreateFlags, request: BatchRequest): string {
  const rubric = flags.task === 'magqa' ? 'agreement' : 'coverage';
  const form = firstForm(model, replyRoomOf(flags.judgeMaxTokens ?? null));
  const { body } = chatRequest(model, form, request, rubric);
  return JSON.stringify({ custom_id: request.customId, method: 'POST', url: '/v1/chat/completions', body });
}

function describe(model: string, flags: BatchCreateFlags): Omit<BatchManifest, 'sha256' | 'files'> {
  return {
    task: flags.task,
    mode: flags.mode,
    judge: `openai:${model}`,
    prompt_hash: promptHashOf(model, flags.judgeMaxTokens ?? null),
    max_tokens: flags.judgeMaxTokens ?? null,
    pred: resolve(flags.pred),
    gold: resolve(flags.gold),
    concat: flags.concat === true,
    skip_unknown: flags.skipUnknown === true,
  };
}
