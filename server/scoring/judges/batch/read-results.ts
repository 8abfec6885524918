import { join } from 'node:path';
import { z } from 'zod';
import { checkValue, parseJson } from '../../data/json/parse-json.js';
import { readLines } from '../../data/json/read-lines.js';
import type { JudgeCase, NotJudged, Rubric } from '../judge.js';
import { readCompletion } from '../kinds/openai/completion.js';
import { shownReason } from '../kinds/openai/endpoint-failure.js';
import { refusalOf } from '../../../endpoint/refusal.js';
import { keptBack, refusedToRate } from '../kinds/openai/request-completion.js';
import { readServiceError } from '../../../endpoint/service-error.js';
import { beginsWithRating } from '../rating/stated-rating.js';
import { highestRating, isUsable } from '../rating/read-rating.js';
import { fetchedResults } from './batch-folder.js';

/** Reads the fetched result files. A bad line is reported and skipped; the others still count. */
export async function readResults(folder: string, rubric: Rubric): Promise<BatchResults> {
  const found: Found = { replies: new Map(), cutOff: new Set(), faults: [] };
  for (const file of fetchedResults(folder)) await readFile(file, rubric, found);
  const { replies, faults } = found;
  const cases = await readCases(join(folder, 'cases.jsonl'));
  const asked = new Set(cases.map((one) => one.custom_id));
  const results = cases.map(({ custom_id, question, gold, pred }): BatchResult => {
    return { judgeCase: { question, gold, prediction: pred }, reply: replies.get(custom_id) ?? null };
  });
  for (const id of replies.keys()) {
    if (!asked.has(id)) faults.push(`a reply to ${JSON.stringify(id)}, which was never asked`);
  }
  const nCutOff = cases.filter(({ custom_id: id }) => found.cutOff.has(id) && !replies.has(id)).length;
  return { rubric, results, nMissing: results.filter((each) => each.reply === null).length, nCutOff, faults };
}

/** The results of a batch. */
export interface BatchResults {
  readonly rubric: Rubric;
  readonly results: readonly BatchResult[];
  /** Cases that were not refused and have no reply with a rating. */
  readonly nMissing: number;
  /** How many of those have a reply that was cut off before a rating. */
  readonly nCutOff: number;
  /** Problems with lines of the result files, each with file and line; such lines count as missing. */
  readonly faults: readonly string[];
}

/** A case of a batch and its reply; null if it has no usable reply. */
interface BatchResult {
  readonly judgeCase: JudgeCase;
  readonly reply: string | NotJudged | null;
}

interface Found {
  readonly replies: Map<string, string | NotJudged>;
  readonly cutOff: Set<string>;
  readonly faults: string[];
}

async function readFile(file: string, rubric: Rubric, found: Found): Promise<void> {
  for await (const { number, text } of readLines(file)) {
    const source = { file, firstLine: number, text };
    try {
      const { custom_id: id, response } = checkValue(resultSchema, parseJson(source), source);
      const result = response == null ? null : resultOf(response, rubric);
      if (result === cutOff) found.cutOff.add(id);
      else if (result !== null && typeof found.replies.get(id) !== 'string') found.replies.set(id, result);
    } catch (thrown) {
      found.faults.push(thrown instanceof Error ? thrown.message : String(thrown));
    }
  }
}

const resultSchema = z.object({
  custom_id: z.string(),
  response: z.object({ status_code: z.number(), body: z.unknown() }).nullish(),
});

/** Marks a reply that was cut off before a rating. */
const cutOff = Symbol('cut off');

/** The reply a live request would have returned for this response; null if it must be asked for again. */
function resultOf(
  { status_code: status, body }: NonNullable<z.output<typeof resultSchema>['response']>,
  rubric: Rubric,
): string | NotJudged | typeof cutOff | null {
  const error = readServiceError(body);
  const refusal = error === null ? null : refusalOf(error.status ?? status, error.words);
  if (error !== null && (refusal?.type === 'case' || refusal?.type === 'too_long')) {
    return {
      type: 'not_judged',
      reason: shownReason(new Error(`${status} ${error.message}`), { apiKey: null }),
    };
  }
  const reply = status === 200 ? readCompletion(body) : null;
  if (reply === null) return null;
  if (reply.isFiltered) return { type: 'not_judged', reason: keptBack };
  if (reply.isRefused) return { type: 'not_judged', reason: refusedToRate };
  if (reply.isCutOff && !beginsWithRating(reply.text, highestRating[rubric])) return cutOff;
  return isUsable(reply.text, rubric) ? reply.text : null;
}

async function readCases(file: string): Promise<z.output<typeof caseSchema>[]> {
  const cases: z.output<typeof caseSchema>[] = [];
  for await (const { number, text } of readLines(file)) {
    const source = { file, firstLine: number, text };
    cases.push(checkValue(caseSchema, parseJson(source), source));
  }
  return cases;
}

const caseSchema = z.object({
  custom_id: z.string(),
  question: z.string(),
  gold: z.string(),
  pred: z.string(),
});
