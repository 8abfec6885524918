import { z } from 'zod';
import { fileFault } from '../files/file-fault.js';
import { checkValue, parseJson } from '../files/parse-json.js';
import { questionIdSchema } from '../files/question-id.js';
import { readLines } from '../files/read-lines.js';
import { spanSchema } from '../files/span.js';
import { readReply, type ReplyRule } from '../judges/read-reply.js';
import { replyTiming } from '../proactive/reply-timing.js';
import { bestScore, inSpanScore } from './in-span-score.js';
import type { JudgedRow } from './select-examples.js';
import { lowestRating } from './score-matrix.js';
import { noTime } from './timed-reply.js';

const lineSchema = z.object({
  question_id: questionIdSchema,
  model_response_list: z.array(z.object({ time: z.number(), content: z.string(), role: z.string() })),
  evaluator_output: z.array(z.array(z.union([z.number(), z.string()]))),
  answer: z.array(z.string()),
  answer_time: z.array(spanSchema),
});

type JudgedFileLine = z.output<typeof lineSchema>;

/**
 * The examples of a judged file, ready for averaging. Ratings that are text are read by the given rule, 1 where that
 * fails. Throws, naming the line, where a matrix does not fit its gold turns and replies.
 */
export async function* readJudged(
  file: string,
  allMatch: boolean,
  rule: ReplyRule,
): AsyncGenerator<JudgedRow> {
  for await (const { number, text } of readLines(file)) {
    const source = { file, firstLine: number, text };
    const line = checkValue(lineSchema, parseJson(source), source);
    yield judgedRow(line, { file, line: number, field: 'evaluator_output' }, allMatch, rule);
  }
}

function judgedRow(
  line: JudgedFileLine,
  place: { readonly file: string; readonly line: number; readonly field: string },
  allMatch: boolean,
  rule: ReplyRule,
): JudgedRow {
  const replies = line.model_response_list.filter((turn) => turn.role === 'assistant');
  const gold = line.answer_time.map((span, index) => ({ content: line.answer[index] ?? '', span }));
  const rows = line.evaluator_output;
  if (rows.length !== gold.length || rows.some((row) => row.length !== replies.length)) {
    throw fileFault(
      place,
      `expected ${gold.length} rows of ${replies.length} ratings, gold turns by replies`,
    );
  }
  const matrix = rows.map((row) => row.map((entry) => readReply(entry, rule) ?? lowestRating));
  const times = replies.map((reply) => reply.time).filter((time) => time !== noTime);
  return {
    startsWithoutTime: line.model_response_list[0]?.time === noTime,
    score: {
      questionId: line.question_id,
      inSpan: inSpanScore(matrix, gold, replies, allMatch),
      inSpanAtDelivery: null,
      best: bestScore(matrix),
      turns: replies.length,
      turnsDedup: new Set(replies.map((reply) => reply.content)).size,
      timing: replyTiming(line.answer_time, times),
      tags: {},
    },
  };
}
