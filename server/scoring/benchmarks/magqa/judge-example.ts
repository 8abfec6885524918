import { fileFault } from '../../data/json/file-fault.js';
import type { Matched } from '../../data/match-predictions.js';
import { isDeliveryMeasured } from '../../data/prediction.js';
import type { QaAnnotation } from '../../data/qa-annotations.js';
import { replyTiming, type ReplyTiming } from '../../data/reply-timing.js';
import { rateAll, rateOnce, type Rater } from '../../judges/rating/rater.js';
import type { Mode } from '../../mode.js';
import { bestScore, inSpanScore, type ExampleScore } from './in-span-score.js';
import type { MagqaOptions } from './rules.js';
import { fillMatrix, lowestRating, planMatrix, type MatrixReply, type ScoreMatrix } from './score-matrix.js';
import { concatReplies, noTime, repliesOf, type TimedReply } from './timed-reply.js';

/** An example after judging: its score, and what a judged file says of it. */
export interface JudgedExample {
  readonly matched: Matched<QaAnnotation>;
  readonly replies: readonly TimedReply[];
  readonly matrix: ScoreMatrix;
  /** Distinct cases whose replies held no rating; they count as 1. */
  readonly nUnparsable: number;
  readonly score: ExampleScore;
  /**
   * Whether the first turn has no time: such lines are left out when replies without a time count nowhere.
   */
  readonly startsWithoutTime: boolean;
}

/**
 * Judges one prediction. In `compat`, joining replies fails for a line with several: its analysis cannot read
 * them.
 */
export async function judgeExample(
  file: string,
  matched: Matched<QaAnnotation>,
  rater: Rater,
  options: MagqaOptions,
): Promise<JudgedExample> {
  const { annotation, prediction } = matched;
  const all = repliesOf(prediction);
  const spoken = options.mode === 'compat' ? all : all.filter((reply) => mayAnswer(reply, annotation));
  if (options.concat && options.mode === 'compat' && spoken.length > 1) {
    const place = { file, line: prediction.line, field: 'model_response_list' };
    throw fileFault(place, 'joined replies of several turns cannot be analysed in compat mode; use strict');
  }
  const replies = options.concat ? concatReplies(spoken) : spoken;
  const { rate, unparsable } = rateOnce(rater);
  const matrix = await judgedMatrix(annotation, replies, rate);
  const inSpanAt = (full: ScoreMatrix, timed: readonly MatrixReply[]) =>
    inSpanScore(full, annotation.answer, timed, options.allMatch);
  const inSpan = inSpanAt(matrix, replies);
  const delivered = deliveredReplies(matched, replies, options.mode);
  const atDelivery = delivered === null ? null : await judgedMatrix(annotation, delivered, rate);
  const score: ExampleScore = {
    ...speech(matched, all, spoken),
    inSpan,
    isLeftOut: inSpan === null && annotation.answer.length > 0,
    inSpanAtDelivery: delivered === null || atDelivery === null ? null : inSpanAt(atDelivery, delivered),
    best: bestScore(matrix),
  };
  const first = startsWithoutTime(matched, spoken, options);
  return { matched, replies, matrix, nUnparsable: unparsable(), startsWithoutTime: first, score };
}

/** What is known of an example without a judge. */
function speech(
  { annotation, prediction }: Matched<QaAnnotation>,
  all: readonly TimedReply[],
  spoken: readonly TimedReply[],
): Omit<ExampleScore, 'inSpan' | 'isLeftOut' | 'inSpanAtDelivery' | 'best'> {
  return {
    questionId: prediction.questionId,
    turns: spoken.length,
    turnsBeforeQuestion: all.length - spoken.length,
    turnsDedup: new Set(spoken.map((reply) => reply.content)).size,
    timing: timingOf(annotation, spoken),
    tags: annotation.tags,
  };
}

/** Replies before the question neither answer it nor count against the answer. */
function mayAnswer({ time }: TimedReply, { questionTime }: QaAnnotation): boolean {
  return time === noTime || time >= questionTime;
}

function timingOf({ answer }: QaAnnotation, replies: readonly TimedReply[]): ReplyTiming {
  const times = replies.map((reply) => reply.time).filter((time) => time !== noTime);
  return replyTiming(
    answer.map((turn) => turn.span),
    times,
  );
}

async function judgedMatrix(
  annotation: QaAnnotation,
  replies: readonly MatrixReply[],
  rate: Rater['rate'],
): Promise<ScoreMatrix> {
  const plan = planMatrix(annotation.question, annotation.answer, replies);
  const cases = plan.calls.map(({ question, gold, prediction }) => ({ question, gold, prediction }));
  const ratings = await rateAll(cases, rate);
  return fillMatrix(
    plan,
    ratings.map((rating) => {
      if (rating === 'not_judged') return null;
      return rating === 'unreadable' ? lowestRating : rating;
    }),
  );
}

/** The replies at the time a viewer had them; null if no reply has a delivery time. */
export function deliveredReplies(
  { prediction }: Matched<QaAnnotation>,
  replies: readonly TimedReply[],
  mode: Mode,
): MatrixReply[] | null {
  if (mode === 'compat' || !isDeliveryMeasured(prediction)) return null;
  return replies.map(({ content, deliveryTime }) => ({ content, time: deliveryTime }));
}

function startsWithoutTime(
  { prediction }: Matched<QaAnnotation>,
  replies: readonly TimedReply[],
  options: MagqaOptions,
): boolean {
  if (options.mode === 'compat' && prediction.type === 'online') return prediction.turns[0]?.time === noTime;
  return replies[0]?.time === noTime;
}
