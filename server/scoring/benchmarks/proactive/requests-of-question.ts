import { batchId, type BatchRequest } from '../../judges/batch-request.js';
import type { Mode } from '../../mode.js';
import { accumulateReplies, repliesInTurn } from './replies-in-turn.js';
import { repliesOfPrediction } from './replies-of-prediction.js';
import type { JudgedQuestion } from './score-pauc.js';

/**
 * The batch requests of a proactive question; their ids hold the gold turn and the number of the state within it, the
 * states that only the time of delivery brings about last.
 */
export function requestsOfQuestion({ matched, prediction }: JudgedQuestion, mode: Mode): BatchRequest[] {
  const { annotation } = matched;
  const { spoken, delivered } = repliesOfPrediction(prediction, mode);
  return annotation.answer.flatMap((turn, row) => {
    const states = [spoken, delivered ?? []].flatMap((replies) =>
      accumulateReplies(repliesInTurn(turn, replies)).map(({ texts }) => texts.join(' ')),
    );
    return [...new Set(states)].map((said, column) => ({
      customId: batchId(prediction.questionId, { goldIndices: [row], replyIndices: [column] }, 'strict'),
      question: annotation.question,
      gold: turn.content,
      prediction: said,
    }));
  });
}
