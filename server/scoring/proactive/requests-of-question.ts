import { assistantTurns } from '../files/prediction.js';
import { batchId, type BatchRequest } from '../magqa/batch-requests.js';
import { accumulateReplies, repliesInTurn } from './replies-in-turn.js';
import type { JudgedQuestion } from './score-pauc.js';

/** The batch requests of a proactive question; their ids hold the gold turn and the number of the state within it. */
export function requestsOfQuestion({ matched }: JudgedQuestion): BatchRequest[] {
  const { annotation, prediction } = matched;
  const replies = prediction.type === 'online' ? assistantTurns(prediction.turns) : [];
  return annotation.answer.flatMap((turn, row) =>
    accumulateReplies(repliesInTurn(turn, replies)).map(({ texts }, column) => ({
      customId: batchId(prediction.questionId, { goldIndices: [row], replyIndices: [column] }, 'strict'),
      question: annotation.question,
      gold: turn.content,
      prediction: texts.join(' '),
    })),
  );
}
