import { assistantTurns, isDeliveryMeasured, type OnlinePrediction } from '../../data/prediction.js';
import type { Mode } from '../../mode.js';
import type { ProactiveReply } from './replies-in-turn.js';

/** The replies to one question. */
export interface QuestionReplies {
  /** At the time of their frames. */
  readonly spoken: readonly ProactiveReply[];
  /** At the time a viewer had them; null where no reply says when that was. */
  readonly delivered: readonly ProactiveReply[] | null;
}

/** What a question that was never predicted has. */
export const silence: QuestionReplies = { spoken: [], delivered: null };

/** The replies of a prediction. Delivery is no part of the published figure, so `compat` takes no notice of it. */
export function repliesOfPrediction(prediction: OnlinePrediction, mode: Mode): QuestionReplies {
  const turns = assistantTurns(prediction.turns);
  const delivered = turns.map(({ content, time, deliveryTime }) => ({ content, time: deliveryTime ?? time }));
  return { spoken: turns, delivered: mode === 'strict' && isDeliveryMeasured(prediction) ? delivered : null };
}
