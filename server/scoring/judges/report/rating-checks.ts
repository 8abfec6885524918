import { mapInOrder } from '../../../concurrency/map-in-order.js';
import type { Mode } from '../../mode.js';
import { finiteOrNull, mean } from '../../statistics/mean.js';
import { spearman } from '../../statistics/spearman.js';
import { exactAgreement, quadraticWeightedKappa } from '../../statistics/weighted-kappa.js';
import type { RatedCase } from '../asking/remembered-replies.js';
import { identityOf, type Judge, type JudgeCase } from '../judge.js';
import { readRating } from '../rating/read-rating.js';
import type { LengthBias, SecondJudgeReport, SwapReport } from './judging-report.js';

/** The ratings two judgements gave to the same cases, where both gave one. */
interface RatingPairs {
  readonly first: readonly number[];
  readonly second: readonly number[];
  /** Cases without a rating on one of the sides. */
  readonly nUnusable: number;
}

/** Asks another judgement about rated cases, `limit` at a time; `changed` says what it is shown of a case. */
export async function ratePairs(
  rated: readonly RatedCase[],
  other: Judge,
  mode: Mode,
  limit: number,
  changed: (judgeCase: JudgeCase) => JudgeCase,
): Promise<RatingPairs> {
  const first: number[] = [];
  const second: number[] = [];
  const both = async (one: RatedCase) => {
    const reply = await other.rate(changed(one.judgeCase), one.rubric);
    return [ratingOf(one, mode), ratingOf({ ...one, reply }, mode)] as const;
  };
  for await (const [one, another] of mapInOrder(rated, limit, both)) {
    if (one === null || another === null) continue;
    first.push(one);
    second.push(another);
  }
  return { first, second, nUnusable: rated.length - first.length };
}

/**
 * The rating of a case; null for one that was not judged and for a reply that cannot be used, an empty one
 * included.
 */
export function ratingOf({ reply, rubric }: RatedCase, mode: Mode): number | null {
  return reply === '' || typeof reply === 'object' ? null : readRating(reply, rubric, mode);
}

/** Correlates ratings with lengths, which should have little to do with each other. */
export function lengthBiasOf(rated: readonly RatedCase[], mode: Mode): LengthBias {
  const ratings: number[] = [];
  const lengths: number[] = [];
  const differences: number[] = [];
  for (const one of rated) {
    const rating = ratingOf(one, mode);
    if (rating === null) continue;
    const length = codePoints(one.judgeCase.prediction);
    ratings.push(rating);
    lengths.push(length);
    differences.push(length - codePoints(one.judgeCase.gold));
  }
  return {
    n: ratings.length,
    predictionLength: spearman(ratings, lengths),
    lengthDifference: spearman(ratings, differences),
  };
}

/** Sums up how far the ratings of both orders differ. */
export function swapReportOf({ first, second }: RatingPairs, scored: SwapReport['scored']): SwapReport {
  const differences = first.map((rating, index) => Math.abs(rating - (second[index] ?? Number.NaN)));
  return {
    scored,
    n: first.length,
    shareDiffering: finiteOrNull(differences.filter((each) => each > 0).length / first.length),
    meanAbsoluteDifference: finiteOrNull(mean(differences)),
  };
}

/** Sums up how far a second judge agrees. */
export function secondReportOf({ first, second, nUnusable }: RatingPairs, judge: Judge): SecondJudgeReport {
  return {
    ...identityOf(judge),
    n: first.length,
    nUnusable,
    quadraticWeightedKappa: quadraticWeightedKappa(first, second),
    exactAgreement: exactAgreement(first, second),
  };
}

function codePoints(text: string): number {
  return Array.from(text).length;
}
