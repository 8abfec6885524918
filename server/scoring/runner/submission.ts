import { idJson } from '../data/question-id.js';
import { clipScores } from '../benchmarks/highlights/clip-scores.js';
import type { Protocol } from '../protocol.js';
import { roundTo } from '../statistics/round.js';
import type { Played } from './played.js';
import type { FinishedRun } from './play-run.js';
import { playedQuestions, writeLines } from './predictions.js';
import type { BenchQuestion } from './question.js';

/** How frames become clips. */
export interface ClipRules {
  readonly window: number;
  readonly protocol: Protocol;
}

/** Writes what was played in the format in which QVHighlights takes predictions, whole or not at all. */
export async function writeSubmission(run: FinishedRun, rules: ClipRules, file: string): Promise<void> {
  await writeLines(lines(run, rules), file);
}

async function* lines(run: FinishedRun, rules: ClipRules): AsyncGenerator<string> {
  for await (const { question, played } of playedQuestions(run, null)) {
    yield `${submissionLine(question, played, rules)}\n`;
  }
}

function submissionLine(
  question: BenchQuestion,
  { frames }: Played,
  { window, protocol }: ClipRules,
): string {
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
