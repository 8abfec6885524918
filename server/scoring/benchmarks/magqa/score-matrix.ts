import type { GoldTurn } from '../../data/qa-annotations.js';
import { spanHolds } from '../../data/span.js';
import type { JudgeCase } from '../../judges/judge.js';
import { noTime } from './timed-reply.js';

/** A reply as the matrix sees it. */
export interface MatrixReply {
  readonly content: string;
  /** Seconds; -1 fits every span. */
  readonly time: number;
}

/** One case for the judge and the entries its rating fills: every gold row with every reply column. */
interface MatrixCall extends JudgeCase {
  readonly goldIndices: readonly number[];
  readonly replyIndices: readonly number[];
}

/** The calls needed for one example, in order. */
export interface MatrixPlan {
  readonly goldCount: number;
  readonly replyCount: number;
  readonly calls: readonly MatrixCall[];
}

/** Rating of a pair the judge was not asked about, and of a judge's reply that cannot be read. */
export const lowestRating = 1;

/**
 * Plans the judge calls of one example. Equal gold texts and equal replies are grouped in the order in which
 * they appear; a pair of groups is judged once, and only if at least one reply of the one lies in a span of
 * the other.
 */
export function planMatrix(
  question: string,
  gold: readonly GoldTurn[],
  replies: readonly MatrixReply[],
): MatrixPlan {
  const calls: MatrixCall[] = [];
  const replyGroups = groupByContent(replies);
  for (const [goldText, goldIndices] of groupByContent(gold)) {
    for (const [replyText, replyIndices] of replyGroups) {
      if (!anyInSpan(gold, goldIndices, replies, replyIndices)) continue;
      calls.push({ question, gold: goldText, prediction: replyText, goldIndices, replyIndices });
    }
  }
  return { goldCount: gold.length, replyCount: replies.length, calls };
}

/** Ratings, gold turns x replies; null if the judge did not accept the case. */
export type ScoreMatrix = readonly (readonly (number | null)[])[];

/** The matrix gold turns x replies, given one rating per planned call. */
export function fillMatrix(plan: MatrixPlan, ratings: readonly (number | null)[]): (number | null)[][] {
  const matrix = Array.from({ length: plan.goldCount }, () =>
    new Array<number | null>(plan.replyCount).fill(lowestRating),
  );
  for (const [index, call] of plan.calls.entries()) {
    const rating = ratings[index];
    for (const goldIndex of call.goldIndices) {
      for (const replyIndex of call.replyIndices) {
        const row = matrix[goldIndex];
        if (row !== undefined) row[replyIndex] = rating === undefined ? lowestRating : rating;
      }
    }
  }
  return matrix;
}

function groupByContent(items: readonly { readonly content: string }[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const [index, { content }] of items.entries()) {
    const group = groups.get(content);
    if (group === undefined) groups.set(content, [index]);
    else group.push(index);
  }
  return groups;
}

function anyInSpan(
  gold: readonly GoldTurn[],
  goldIndices: readonly number[],
  replies: readonly MatrixReply[],
  replyIndices: readonly number[],
): boolean {
  return goldIndices.some((goldIndex) =>
    replyIndices.some((replyIndex) => {
      const span = gold[goldIndex]?.span;
      const time = replies[replyIndex]?.time;
      return span !== undefined && time !== undefined && (time === noTime || spanHolds(span, time));
    }),
  );
}
