import type { Mode } from '../../mode.js';
import { finiteOrNull, mean } from '../../statistics/mean.js';
import { spearman } from '../../statistics/spearman.js';
import { exactAgreement, quadraticWeightedKappa } from '../../statistics/weighted-kappa.js';
import { identityOf, type Judge } from '../judge.js';
import type { LengthBias, SecondJudgeReport, SwapReport } from './judging-report.js';
import { ratingOf, type RatingPairs } from './rate-pairs.js';
import type { RatedCase } from '../asking/remember-replies.js';

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
