import { assistantTurns, isDeliveryMeasured, type OnlinePrediction } from '../../data/prediction.js';
import { spanHolds } from '../../data/span.js';
import type { Mode } from '../../mode.js';
import type { ProactiveTurn } from './pauc-annotations.js';

/** A reply of the system: what and when, in seconds. */
export interface ProactiveReply {
  readonly time: number;
  readonly content: string;
}

/** The replies that count for a gold turn, in the order of time. */
export function repliesInTurn(turn: ProactiveTurn, replies: readonly ProactiveReply[]): ProactiveReply[] {
  return replies.filter((reply) => spanHolds(turn.reply, reply.time)).sort((a, b) => a.time - b.time);
}

/** What has been said of a turn by the time of a reply. */
interface AccumulatedReply {
  readonly time: number;
  /** The distinct texts so far, in order. */
  readonly texts: readonly string[];
}

/** The states a judge is shown: one per reply that says something new within its turn. */
export function accumulateReplies(replies: readonly ProactiveReply[]): AccumulatedReply[] {
  const states: AccumulatedReply[] = [];
  let texts: readonly string[] = [];
  for (const { time, content } of replies) {
    if (texts.includes(content)) continue;
    texts = [...texts, content];
    states.push({ time, texts });
  }
  return states;
}

/** The replies to one question. */
export interface QuestionReplies {
  /** At the time of their frames. */
  readonly spoken: readonly ProactiveReply[];
  /** At the time a viewer had them; null where no reply says when that was. */
  readonly delivered: readonly ProactiveReply[] | null;
}

/** What a question that was never predicted has. */
export const silence: QuestionReplies = { spoken: [], delivered: null };

/**
 * The replies of a prediction. Delivery is no part of the published figure, so `compat` takes no notice of
 * it.
 */
export function repliesOfPrediction(prediction: OnlinePrediction, mode: Mode): QuestionReplies {
  const turns = assistantTurns(prediction.turns);
  const delivered = turns.map(({ content, time, deliveryTime }) => ({ content, time: deliveryTime ?? time }));
  return { spoken: turns, delivered: mode === 'strict' && isDeliveryMeasured(prediction) ? delivered : null };
}
