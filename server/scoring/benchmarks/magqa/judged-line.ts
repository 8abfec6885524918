import { assistantTurns } from '../../data/prediction.js';
import { jsonLine } from '../../data/question-id.js';
import type { JudgedBy } from '../../judges/judged-by.js';
import type { JudgedExample } from './judge-example.js';

/**
 * What a judged file says of an example: the prediction without its frame records, the score matrix (gold
 * turns x replies, null where the judge did not take the case) and the gold it was judged against, under the
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
