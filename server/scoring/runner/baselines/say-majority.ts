import { middleOf } from '../../data/span.js';
import { openQuestion, type Player } from '../open-question.js';
import type { Played } from '../../data/played.js';
import type { Question } from '../../data/question.js';

/**
 * Says one answer in the middle of every gold span, at no cost of time; no model looks, so there are no scores. The video is opened for its length,
 * so that what cannot be played is missed here as by a model. Throws what opening throws.
 */
export async function sayMajority(
  player: Player,
  question: Question,
  answer: string,
  signal: AbortSignal,
): Promise<Played> {
  await using stream = await openQuestion(player, question, signal);
  const times = [...new Set(question.gold.map(({ span }) => middleOf(span)))].sort((a, b) => a - b);
  const duration = stream.info.duration ?? times.at(-1) ?? 0;
  return {
    question_id: question.questionId,
    video_duration: duration,
    replies: times.map((time) => ({ time, content: answer, delivery_time: time })),
    frames: [],
    unasked: question.conversation.filter(({ time }) => time > duration).length,
    renewals: 0,
    warnings: [],
  };
}
