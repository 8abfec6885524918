import type { JudgedBy } from '../../judges/judged-by.js';
import type { JudgedQuestion } from './score-pauc.js';

/**
 * What a judged file says of a proactive question: the prediction without its frame records and, for every
 * gold turn, the points [seconds, score 0..2] of what had been understood when, null where the judge did not
 * take a case; then the gold turns and who judged.
 */
export function judgedQuestionFields({ matched, prediction, scored }: JudgedQuestion, judge: JudgedBy) {
  const { annotation } = matched;
  return {
    question_id: prediction.questionId,
    model_response_list: prediction.turns.map(({ time, content, role }) => ({ time, content, role })),
    video_duration: prediction.videoDuration,
    evaluator_output: scored.points.map((points) => points?.map(({ time, score }) => [time, score]) ?? null),
    ...(scored.nUnparsable > 0 ? { n_unparsable_replies: scored.nUnparsable } : {}),
    answer: annotation.answer.map((turn) => turn.content),
    answer_time: annotation.answer.map((turn) => turn.related),
    reply_time: annotation.answer.map((turn) => turn.reply),
    judge,
  };
}
