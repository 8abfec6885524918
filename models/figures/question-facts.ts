import type { BenchResult } from '../../server/scoring/bench/run-bench.js';
import { playedQuestions } from '../../server/scoring/bench/predictions.js';
import type { Labels } from './labels.js';

/** What became of one question, as far as slices and counts need it. */
export interface QuestionFacts {
  readonly labels: Labels | null;
  /** Seconds of its video. */
  readonly duration: number;
  /** Mean rating of the replies within each gold span; null for a span without any. Empty where nothing answers the question. */
  readonly gold: readonly (number | null)[];
  /** From the question on. */
  readonly replies: number;
  readonly distinct: number;
}

/** The facts of a run of `magqa`, in the order of the questions. */
export async function factsOf(
  { run, turns, ratings }: BenchResult,
  labels: ReadonlyMap<string, Labels>,
): Promise<QuestionFacts[]> {
  const facts: QuestionFacts[] = [];
  for await (const { question, played } of playedQuestions(run, turns)) {
    const id = String(question.questionId);
    const asked = question.conversation[0]?.time ?? 0;
    const replies = played.replies.filter(({ time }) => time >= asked);
    facts.push({
      labels: labels.get(id) ?? null,
      duration: played.video_duration,
      gold: ratings.ofGold(id) ?? question.gold.map(() => null),
      replies: replies.length,
      distinct: new Set(replies.map(({ content }) => content)).size,
    });
  }
  return facts;
}
