import type { Answer, Played } from '../../data/played.js';
import { idJson } from '../../data/question-id.js';
import type { Question } from '../../data/question.js';
import type { Protocol } from '../../mode.js';
import { roundTo } from '../../statistics/round.js';
import { clipScores } from './clip-scores.js';

/** How frames become clips. */
interface ClipRules {
  readonly window: number;
  readonly protocol: Protocol;
}

/** What was played in the format in which QVHighlights takes predictions, one line for every question. */
export async function* submissionLines(
  answers: AsyncIterable<Answer>,
  rules: ClipRules,
): AsyncGenerator<string> {
  for await (const { question, played } of answers) yield submissionLine(question, played, rules);
}

function submissionLine(question: Question, { frames }: Played, { window, protocol }: ClipRules): string {
  // As they stand in the prediction file, so that both score alike.
  const scores = frames.map(([time, informative, relevance]) => {
    return { time: roundTo(time, 3), informative: roundTo(informative, 3), relevance: roundTo(relevance, 3) };
  });
  const rest = {
    query: question.conversation[0]?.content ?? '',
    vid: question.video.replace(/\.mp4$/, ''),
    pred_saliency_scores: clipScores(scores, window, 'strict', protocol).map((score) => roundTo(score, 6)),
  };
  return `{"qid":${idJson(question.questionId)},${JSON.stringify(rest).slice(1)}`;
}
