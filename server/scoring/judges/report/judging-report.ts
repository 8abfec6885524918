import type { JudgeTally } from '../asking/judge-settings.js';
import { addCosts, costOf } from '../asking/prices.js';
import type { JudgeIdentity } from '../judge.js';
import type { Price } from '../judging-plan.js';

/** What a report says about judging, besides the identity of the judge. */
export interface JudgingReport extends Spending {
  /** Distinct cases that were rated. */
  readonly nCases: number;
  /** Cases the judge refused, by its reason, most frequent first; they are in no figure. */
  readonly notJudged: readonly ReasonCount[];
  /** How requests had to be changed to be accepted. */
  readonly askedAs: readonly string[];
  readonly lengthBias: LengthBias;
  /** Null if cases were judged in one order only. */
  readonly swap: SwapReport | null;
  /** Null if there was no second judge. */
  readonly second: SecondJudgeReport | null;
}

/** What all judges of a run used together. */
interface Spending {
  readonly nRequests: number;
  readonly nCacheHits: number;
  readonly nCacheFaults: number;
  readonly nAskedAgain: number;
  /** Cases whose last reply was cut off before a rating. */
  readonly nCutOff: number;
  readonly nCutTexts: number;
  /** Tokens as counted by the service. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** What the tokens cost; null if the price is unknown. */
  readonly dollars: number | null;
}

/** What judges used, once everything has been asked. */
export function spentBy(
  judges: readonly { readonly tally: JudgeTally; readonly price: Price | null }[],
): Spending {
  const total = (count: keyof JudgeTally) => judges.reduce((sum, { tally }) => sum + tally[count], 0);
  return {
    nRequests: total('requests'),
    nCacheHits: total('cacheHits'),
    nCacheFaults: total('cacheFaults'),
    nAskedAgain: total('askedAgain'),
    nCutOff: total('cutOff'),
    nCutTexts: total('cutTexts'),
    inputTokens: total('inputTokens'),
    outputTokens: total('outputTokens'),
    dollars: judges.map(({ tally, price }) => costOf(tally, price)).reduce(addCosts, 0),
  };
}

/**
 * Whether a judge favours long predictions: Spearman correlations over the rated cases, null if undefined.
 */
export interface LengthBias {
  /** Cases with a rating. */
  readonly n: number;
  /** Correlation of the rating with the length of the prediction in code points. */
  readonly predictionLength: number | null;
  /** Correlation of the rating with the length of the prediction minus that of the gold answer. */
  readonly lengthDifference: number | null;
}

/** How much ratings differ when gold answer and prediction are swapped. */
export interface SwapReport {
  /** Whether the mean of both ratings was scored, or only the first. */
  readonly scored: 'mean' | 'first';
  /** Cases rated in both orders. */
  readonly n: number;
  readonly shareDiffering: number | null;
  readonly meanAbsoluteDifference: number | null;
}

/** How well a second judge agrees with the first. */
export interface SecondJudgeReport extends JudgeIdentity {
  /** Cases rated by both. */
  readonly n: number;
  /** Cases for which either judge gave no rating. */
  readonly nUnusable: number;
  readonly quadraticWeightedKappa: number | null;
  readonly exactAgreement: number | null;
}

/** A reason why cases were not judged, and how many cases it affects. */
export interface ReasonCount {
  readonly reason: string;
  readonly n: number;
}
