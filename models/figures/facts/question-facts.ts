import type { Question } from '../../../server/scoring/data/question.js';
import type { RatedAnswer } from '../../../server/scoring/runner/hooks.js';
import { spanHolds } from '../../../server/scoring/data/span.js';
import type { Labels } from './labels.js';

/** The facts about one question that slices and counts need. */
export interface QuestionFacts {
  readonly labels: Labels | null;
  /** Seconds of its video. */
  readonly duration: number;
  /**
   * Mean rating of the replies within each gold span; null for a span without any. Empty if the question has
   * no answer.
   */
  readonly gold: readonly (number | null)[];
  /** Seconds of its video from the question on. */
  readonly watched: number;
  /** From the question on. */
  readonly replies: number;
  /** Replies within a gold span that have the right event, with at most a slip in a detail. */
  readonly right: number;
  readonly distinct: number;
  /** Replies that repeat earlier words and lie in no gold span of their own. */
  readonly toldAgain: number;
  /** Gold answers in the words of an earlier one. */
  readonly goldDuplicates: number;
}

/** The facts of one answer. */
export function factsOf(
  { question, played, ratings }: RatedAnswer,
  labels: ReadonlyMap<string, Labels>,
): QuestionFacts {
  const asked = question.conversation[0]?.time ?? 0;
  const replies = played.replies.filter(({ time }) => time >= asked);
  return {
    labels: labels.get(String(question.questionId)) ?? null,
    duration: played.video_duration,
    gold: ratings?.gold ?? question.gold.map(() => null),
    watched: Math.max(0, played.video_duration - asked),
    replies: replies.length,
    right: played.replies.filter(({ time }, index) => time >= asked && isRight(ratings?.replies[index]))
      .length,
    distinct: distinctTexts(replies),
    toldAgain: countToldAgain(replies, question.gold),
    goldDuplicates: question.gold.length - distinctTexts(question.gold),
  };
}

/** Ratings from 4 on: the same meaning, or a slip in a detail. */
export function isRight(rating: number | null | undefined): boolean {
  return rating !== null && rating !== undefined && rating >= 4;
}

/** A reply answers the first span around it that has no reply yet. */
export function countToldAgain(
  replies: readonly { readonly time: number; readonly content: string }[],
  gold: Question['gold'],
): number {
  const said = new Set<string>();
  const waiting = new Set(gold);
  let count = 0;
  for (const { time, content } of replies) {
    const answers = [...waiting].find(({ span }) => spanHolds(span, time));
    if (answers === undefined && said.has(content)) count += 1;
    if (answers !== undefined) waiting.delete(answers);
    said.add(content);
  }
  return count;
}

function distinctTexts(texts: readonly { readonly content: string }[]): number {
  return new Set(texts.map(({ content }) => content)).size;
}
