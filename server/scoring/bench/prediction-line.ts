import { jsonLine } from '../files/question-id.js';
import { roundTo } from '../statistics/round.js';
import type { Played } from './played.js';
import type { BenchQuestion } from './question.js';

/**
 * A line of a prediction file as MMDuet's inference writes it, so that its scripts read ours: user turns echoed at their time, scores and
 * frame times with three decimals, times of replies in full. With `delivery` the replies also say when they were delivered, which
 * differs from run to run.
 */
export function predictionLine(
  question: BenchQuestion,
  played: Played,
  options: { readonly delivery: boolean },
): string {
  const said = question.conversation.map(({ time, content }) => ({ time, content, role: 'user' }));
  const replies = played.replies.map(({ time, content, delivery_time }) => ({
    ...{ time, content, role: 'assistant' },
    ...(options.delivery && { delivery_time }),
  }));
  return jsonLine({
    question_id: question.questionId,
    model_response_list: [...said, ...replies].sort((one, other) => one.time - other.time),
    video_duration: played.video_duration,
    debug_data: played.frames.map(([time, informative, relevance]) => ({
      time: roundTo(time, 3),
      informative_score: roundTo(informative, 3),
      relevance_score: roundTo(relevance, 3),
    })),
  });
}
