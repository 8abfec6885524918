import type { ProactiveReply } from './replies-in-turn.js';

/** Repetitions within gold turns. */
export interface DuplicateCount {
  readonly duplicates: number;
  /** Replies that could have been duplicates: all but the first of each turn. */
  readonly considered: number;
}

/** Counts the replies of one gold turn whose exact text was already given in it. */
export function countDuplicates(repliesOfTurn: readonly ProactiveReply[]): DuplicateCount {
  const distinct = new Set(repliesOfTurn.map((reply) => reply.content)).size;
  return {
    duplicates: repliesOfTurn.length - distinct,
    considered: Math.max(0, repliesOfTurn.length - 1),
  };
}
