import { withoutThoughts } from '../../judges/rating/without-thoughts.js';

/** Who won a comparison of two systems. */
export type Winner = 'ours' | 'theirs' | 'tie';

/** One item judged in both orders, so that a preference for a place cancels out. */
export interface TwoOrderResult {
  /** With ours shown first. */
  readonly oursFirst: Winner;
  /** With theirs shown first. */
  readonly theirsFirst: Winner;
}

/** A pairwise comparison over many items. */
export interface WinRate {
  /** Wins of ours over all comparisons, percent; a tie is no win. Null for no items. */
  readonly percent: number | null;
  /** Share of items on which the two orders disagree, percent; null for no items. */
  readonly disagreement: number | null;
}

/**
 * Reads a judge's choice between A and B, thoughts aside: A is looked for first; neither is a tie. `first` is
 * who was shown as A.
 */
export function winnerOfReply(reply: string, first: 'ours' | 'theirs'): Winner {
  const said = withoutThoughts(reply);
  if (/\bA\b/.test(said)) return first;
  if (/\bB\b/.test(said)) return first === 'ours' ? 'theirs' : 'ours';
  return 'tie';
}

/** The two-order win rate of LiveSports-3K-CC. */
export function winRate(results: readonly TwoOrderResult[]): WinRate {
  if (results.length === 0) return { percent: null, disagreement: null };
  const wins = results
    .flatMap(({ oursFirst, theirsFirst }) => [oursFirst, theirsFirst])
    .filter((winner) => winner === 'ours');
  const split = results.filter((result) => result.oursFirst !== result.theirsFirst);
  return {
    percent: (wins.length / (2 * results.length)) * 100,
    disagreement: (split.length / results.length) * 100,
  };
}
