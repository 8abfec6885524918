import type { Rubric } from '../../judge.js';
import type { Comparison } from './compare-meanings.js';

/** From which share on a rating is given, and why there. */
export interface RatingStep {
  readonly rating: number;
  readonly from: number;
  readonly reason: string;
}

/** Agreement goes by the share that both texts say of the one that says more: what is missing costs like what is added. */
export const agreementSteps: readonly RatingStep[] = [
  { rating: 5, from: 1, reason: 'the same meaning, nothing missing and nothing added' },
  { rating: 4, from: 0.75, reason: 'a slip in a detail: the right event in the wrong place' },
  {
    rating: 3,
    from: 0.5,
    reason: 'a notable error: the right thing does something else, or half of it is wrong',
  },
  { rating: 2, from: 0.25, reason: 'little of it: the right thing and no more, or a sign with another word' },
  { rating: 1, from: 0, reason: 'about another thing' },
];

/** Coverage goes by the share of the gold answer that has been said; what else was said costs nothing. */
export const coverageSteps: readonly RatingStep[] = [
  { rating: 3, from: 0.8, reason: 'most of it; of a single event, all of it' },
  { rating: 2, from: 0.5, reason: 'part of it: the right thing with a wrong place or event' },
  { rating: 1, from: 0, reason: 'little or nothing of it' },
];

/** The rating of a comparison under a rubric. */
export function ratingOf({ shared, gold, reply }: Comparison, rubric: Rubric): number {
  switch (rubric) {
    case 'agreement':
      return stepOf(agreementSteps, shared / Math.max(gold, reply));
    case 'coverage':
      return stepOf(coverageSteps, shared / gold);
  }
}

function stepOf(steps: readonly RatingStep[], share: number): number {
  return steps.find(({ from }) => share >= from)?.rating ?? 1;
}
