import { join } from 'node:path';
import { z } from 'zod';
import { checkValue, parseJson } from '../../files/parse-json.js';
import { readLines } from '../../files/read-lines.js';
import type { JudgeCase, Rubric } from '../judge.js';
import { readCompletion } from '../openai/chat-reply.js';
import { isUsable } from '../read-rating.js';
import { fetchedOutputs, readManifest } from './batch-folder.js';

const caseSchema = z.object({
  custom_id: z.string(),
  question: z.string(),
  gold: z.string(),
  pred: z.string(),
});

const resultSchema = z.object({
  custom_id: z.string(),
  response: z.object({ status_code: z.number(), body: z.unknown() }).nullish(),
});

/** A case of a batch and the reply to it, null where there is none that can be used. */
export interface BatchResult {
  readonly judgeCase: JudgeCase;
  readonly reply: string | null;
}

/** The results of a batch. */
export interface BatchResults {
  readonly rubric: Rubric;
  readonly results: readonly BatchResult[];
  /** Cases without a reply that holds a rating. */
  readonly nMissing: number;
  /** What is wrong with lines of the result files, each with its file and line; such lines count as no reply. */
  readonly faults: readonly string[];
}

/** Reads the result files that were fetched. A bad line is named and left out; it never costs the others. */
export async function readResults(folder: string): Promise<BatchResults> {
  const { task } = readManifest(folder);
  const rubric: Rubric = task === 'pauc' ? 'coverage' : 'agreement';
  const replies = new Map<string, string>();
  const faults: string[] = [];
  for (const output of fetchedOutputs(folder)) await readOutput(output, rubric, replies, faults);
  const results: BatchResult[] = [];
  for (const { custom_id, question, gold, pred } of await readCases(join(folder, 'cases.jsonl'))) {
    results.push({ judgeCase: { question, gold, prediction: pred }, reply: replies.get(custom_id) ?? null });
    replies.delete(custom_id);
  }
  for (const id of replies.keys()) faults.push(`a reply to ${JSON.stringify(id)}, which was never asked`);
  return { rubric, results, nMissing: results.filter((each) => each.reply === null).length, faults };
}

async function readOutput(
  file: string,
  rubric: Rubric,
  replies: Map<string, string>,
  faults: string[],
): Promise<void> {
  for await (const { number, text } of readLines(file)) {
    const source = { file, firstLine: number, text };
    try {
      const { custom_id, response } = checkValue(resultSchema, parseJson(source), source);
      const reply = response?.status_code === 200 ? readCompletion(response.body)?.text : undefined;
      if (reply !== undefined && isUsable(reply, rubric)) replies.set(custom_id, reply);
    } catch (thrown) {
      faults.push(thrown instanceof Error ? thrown.message : String(thrown));
    }
  }
}

async function readCases(file: string): Promise<z.output<typeof caseSchema>[]> {
  const cases: z.output<typeof caseSchema>[] = [];
  for await (const { number, text } of readLines(file)) {
    const source = { file, firstLine: number, text };
    cases.push(checkValue(caseSchema, parseJson(source), source));
  }
  return cases;
}
