import type { JudgedExample } from './judge-example.js';

/**
 * A line of a judged file: the prediction without its frame records, the score matrix (gold turns x replies) and the
 * gold it was judged against, under the names the published analysis reads.
 */
export function judgedLine({ matched, matrix, replies }: JudgedExample): string {
  const { prediction, annotation } = matched;
  const turns = prediction.type === 'online' ? prediction.turns : replies;
  return JSON.stringify({
    question_id: prediction.questionId,
    model_response_list: turns.map((turn) => ({
      time: turn.time,
      content: turn.content,
      role: 'role' in turn ? turn.role : 'assistant',
    })),
    video_duration: prediction.videoDuration,
    evaluator_output: matrix,
    answer: annotation.answer.map((turn) => turn.content),
    answer_time: annotation.answer.map((turn) => turn.span),
  });
}
