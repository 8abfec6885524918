import type { OnlinePrediction } from '../../../../server/scoring/data/prediction.js';
import type { QaAnnotation } from '../../../../server/scoring/data/qa-annotations.js';
import { lexicalRating } from '../../../../server/scoring/judges/kinds/lexical.js';
import { average } from './smooth.js';

/**
 * MAGQA as the formulas are written: every entry of every matrix asks the judge for itself. Mean in-span
 * score.
 */
export function naiveMagqa(
  predictions: readonly OnlinePrediction[],
  gold: ReadonlyMap<string, QaAnnotation>,
): number {
  return average(
    predictions.map((prediction) => {
      const annotation = gold.get(String(prediction.questionId));
      return annotation === undefined ? 1 : inSpan(annotation, prediction);
    }),
  );
}

function inSpan({ question, answer }: QaAnnotation, { turns }: OnlinePrediction): number {
  const replies = turns.filter((turn) => turn.role === 'assistant');
  const matrix = answer.map(({ content: gold }) =>
    replies.map(({ content }) => {
      const meet = answer.some(
        ({ content: sameGold, span: [start, end] }) =>
          sameGold === gold &&
          replies.some(
            (reply) =>
              reply.content === content && (reply.time === -1 || (start <= reply.time && reply.time <= end)),
          ),
      );
      return meet ? lexicalRating({ question, gold, prediction: content }, 'agreement') : 1;
    }),
  );
  const scores = answer.map(({ span: [start, end] }, row) => {
    const within = replies.flatMap(({ time }, column) =>
      time === -1 || (start <= time && time <= end) ? [matrix[row]?.[column] ?? 1] : [],
    );
    return within.length === 0 ? 1 : average(within);
  });
  return average(scores);
}
