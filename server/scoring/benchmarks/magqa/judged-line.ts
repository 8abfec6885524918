import { z } from 'zod';
import { fileFault } from '../../data/json/file-fault.js';
import { checkValue, parseJson } from '../../data/json/parse-json.js';
import { assistantTurns } from '../../data/prediction.js';
import { jsonLine, questionIdSchema } from '../../data/question-id.js';
import { readLines } from '../../data/json/read-lines.js';
import { replyTiming } from '../../data/reply-timing.js';
import { spanSchema } from '../../data/span.js';
import { judgedBySchema, type JudgedBy } from '../../judges/judged-by.js';
import type { Rating } from '../../judges/rating/rater.js';
import { readReply, type ReplyRule } from '../../judges/rating/read-rating.js';
import { bestScore, inSpanScore } from './in-span-score.js';
import type { JudgedExample } from './judge-example.js';
import { lowestRating } from './score-matrix.js';
import type { JudgedRow } from './select-examples.js';
import { noTime } from './timed-reply.js';

/**
 * What a judged file says of an example: the prediction without its frame records, the score matrix (gold
 * turns x replies, null if the judge did not accept the case) and the gold it was judged against, under the
 * names the published analysis reads; besides, who judged, and how many of its replies held no rating and
 * count as 1.
 */
export function judgedFields({ matched, matrix, replies, nUnparsable }: JudgedExample, judge?: JudgedBy) {
  const { prediction, annotation } = matched;
  // Joined replies are one column of the matrix, so they are one turn.
  const asGiven = prediction.type === 'online' && assistantTurns(prediction.turns).length === replies.length;
  const turns = asGiven ? prediction.turns : replies;
  return {
    question_id: prediction.questionId,
    model_response_list: turns.map((turn) => ({
      time: turn.time,
      content: turn.content,
      role: 'role' in turn ? turn.role : 'assistant',
    })),
    video_duration: prediction.videoDuration,
    evaluator_output: matrix,
    ...(nUnparsable > 0 ? { n_unparsable_replies: nUnparsable } : {}),
    answer: annotation.answer.map((turn) => turn.content),
    answer_time: annotation.answer.map((turn) => turn.span),
    ...(judge === undefined ? {} : { judge }),
  };
}

/** A line of a judged file. */
export function judgedLine(example: JudgedExample, judge?: JudgedBy): string {
  return jsonLine(judgedFields(example, judge));
}

const lineSchema = z.object({
  question_id: questionIdSchema,
  model_response_list: z.array(z.object({ time: z.number(), content: z.string(), role: z.string() })),
  evaluator_output: z.array(z.array(z.union([z.number(), z.string(), z.null()]))),
  n_unparsable_replies: z.int().nonnegative().optional(),
  answer: z.array(z.string()),
  answer_time: z.array(spanSchema),
  judge: judgedBySchema.optional(),
});

type JudgedFileLine = z.output<typeof lineSchema>;

/** A line of a judged file, ready for averaging. */
export interface ReadJudgedRow extends JudgedRow {
  /** From 1. */
  readonly line: number;
  /** Null if the file does not say who judged. */
  readonly judge: JudgedBy | null;
  /** Ratings that could not be read and count as 1, when they were given or now. */
  readonly nUnparsable: number;
  /** Whether a reply could not be read, and none of the others gives more than such a reply counts for. */
  readonly isUnread: boolean;
  /** Entries without a rating, because the judge did not accept the case. */
  readonly nNotJudged: number;
}

/**
 * The examples of a judged file, ready for averaging. Ratings that are text are read by the given rule, 1
 * where that fails. Throws, naming the line, where a matrix does not fit its gold turns and replies.
 */
export async function* readJudged(
  file: string,
  allMatch: boolean,
  rule: ReplyRule,
): AsyncGenerator<ReadJudgedRow> {
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
): ReadJudgedRow {
  const replies = line.model_response_list.filter((turn) => turn.role === 'assistant');
  const gold = line.answer_time.map((span, index) => ({ content: line.answer[index] ?? '', span }));
  const ratings = ratingsOf(line, gold.length, replies.length, place, rule);
  const matrix = ratings.map((row) =>
    row.map((rating) => {
      if (rating === 'not_judged') return null;
      return rating === 'unreadable' ? lowestRating : rating;
    }),
  );
  const count = (what: Rating) => ratings.flat().filter((rating) => rating === what).length;
  const nUnparsable = count('unreadable') + (line.n_unparsable_replies ?? 0);
  const inSpan = inSpanScore(matrix, gold, replies, allMatch);
  const times = replies.map((reply) => reply.time).filter((time) => time !== noTime);
  return {
    line: place.line,
    judge: line.judge ?? null,
    nUnparsable,
    isUnread: nUnparsable > 0 && matrix.flat().every((rating) => rating === null || rating === lowestRating),
    nNotJudged: count('not_judged'),
    startsWithoutTime: line.model_response_list[0]?.time === noTime,
    score: {
      questionId: line.question_id,
      inSpan,
      isLeftOut: inSpan === null && gold.length > 0,
      inSpanAtDelivery: null,
      best: bestScore(matrix),
      turns: replies.length,
      turnsBeforeQuestion: 0,
      turnsDedup: new Set(replies.map((reply) => reply.content)).size,
      timing: replyTiming(line.answer_time, times),
      tags: {},
    },
  };
}

function ratingsOf(
  { evaluator_output: rows }: JudgedFileLine,
  goldCount: number,
  replyCount: number,
  place: { readonly file: string; readonly line: number; readonly field: string },
  rule: ReplyRule,
): Rating[][] {
  if (rows.length !== goldCount || rows.some((row) => row.length !== replyCount)) {
    throw fileFault(place, `expected ${goldCount} rows of ${replyCount} ratings, gold turns by replies`);
  }
  try {
    return rows.map((row) =>
      row.map((entry) => (entry === null ? 'not_judged' : (readReply(entry, rule) ?? 'unreadable'))),
    );
  } catch (cause) {
    throw fileFault(place, cause instanceof Error ? cause.message : String(cause), cause);
  }
}
