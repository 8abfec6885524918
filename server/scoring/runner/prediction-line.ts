import { jsonLine } from '../data/question-id.js';
import { roundTo } from '../statistics/round.js';
import type { Played } from '../data/played.js';
import type { Question } from '../data/question.js';

/**
 * How the scores of frames are written. `current`: `time` and probabilities, as MMDuet's inference writes
 * them. `legacy`: `video_time` and pairs [negative, positive], which is what its published scorers of
 * grounding and highlights read.
 */
export const predictionFormats = ['current', 'legacy'] as const;

/** One of {@link predictionFormats}. */
export type PredictionFormat = (typeof predictionFormats)[number];

/**
 * A line of a prediction file in the form of MMDuet's: user turns echoed at their time, scores and frame
 * times with three decimals, times of replies in full. With `delivery` the replies also say when they were
 * delivered, which differs from run to run.
 */
export function predictionLine(
  question: Question,
  played: Played,
  options: { readonly delivery: boolean; readonly format?: PredictionFormat },
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
    debug_data: played.frames.map(options.format === 'legacy' ? legacyFrame : currentFrame),
  });
}

type Frame = Played['frames'][number];

function currentFrame([time, informative, relevance]: Frame): Readonly<Record<string, unknown>> {
  return {
    time: roundTo(time, 3),
    informative_score: roundTo(informative, 3),
    relevance_score: roundTo(relevance, 3),
  };
}

function legacyFrame([time, informative, relevance]: Frame): Readonly<Record<string, unknown>> {
  const pair = (score: number): readonly number[] => [roundTo(1 - score, 3), roundTo(score, 3)];
  return {
    video_time: roundTo(time, 3),
    informative_score: pair(informative),
    relevance_score: pair(relevance),
  };
}
