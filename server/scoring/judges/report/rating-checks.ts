import { mapInOrder } from '../../../concurrency/map-in-order.js';
import type { Mode } from '../../mode.js';
import { finiteOrNull, mean } from '../../statistics/mean.js';
import { spearman } from '../../statistics/spearman.js';
import { exactAgreement, quadraticWeightedKappa } from '../../statistics/weighted-kappa.js';
import type { RatedCase } from '../asking/remembered-replies.js';
import { identityOf, type Judge, type JudgeCase } from '../judge.js';
import { readRating } from '../rating/read-rating.js';
import type { LengthBias, SecondJudgeReport, SwapReport } from './judging-report.js';

/** Two ratings of each case, for cases that have both. */
interface RatingPairs {
  readonly first: readonly number[];
  readonly second: readonly number[];
  /** Cases that lack one or both ratings. */
  readonly nUnusable: number;
}

/**
 * Rates already rated cases a second time, `limit` at once; `changed` turns a case into what `other` is
 * shown.
 */
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
 * The rating of a case; null if it was not judged or its reply cannot be used, for example because it is
 * empty.
 */
export function ratingOf({ reply, rubric }: RatedCase, mode: Mode): number | null {
  return reply === '' || typeof reply === 'object' ? null : readRating(reply, rubric, mode);
}

/** Correlates ratings with lengths, which should be nearly unrelated. */
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

/** Summarises how much the ratings of both orders differ. */
export function swapReportOf({ first, second }: RatingPairs, scored: SwapReport['scored']): SwapReport {
  const differences = first.map((rating, index) => Math.abs(rating - (second[index] ?? Number.NaN)));
  return {
    scored,
    n: first.length,
    shareDiffering: finiteOrNull(differences.filter((each) => each > 0).length / first.length),
    meanAbsoluteDifference: finiteOrNull(mean(differences)),
  };
}

/** Summarises how well a second judge agrees. */
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
