import type { JudgeTally } from '../asking/judge-settings.js';
import { addCosts, costOf } from '../asking/prices.js';
import type { JudgeIdentity } from '../judge.js';
import type { Price } from '../judging-plan.js';

/** What a report says of the judging beside the identity of the judge. */
export interface JudgingReport extends Spending {
  /** Distinct cases that were rated. */
  readonly nCases: number;
  /** Cases the judge did not take, by reason in its own words, most frequent first; they are in no figure. */
  readonly notJudged: readonly ReasonCount[];
  /** In what other form than the first the judge had to be asked. */
  readonly askedAs: readonly string[];
  readonly lengthBias: LengthBias;
  /** Null where cases were judged in one order only. */
  readonly swap: SwapReport | null;
  /** Null where there was no second judge. */
  readonly second: SecondJudgeReport | null;
}

/** What all judges of a run took together. */
interface Spending {
  readonly nRequests: number;
  readonly nCacheHits: number;
  readonly nCacheFaults: number;
  readonly nAskedAgain: number;
  /** Cases whose last reply was cut off before its rating. */
  readonly nCutOff: number;
  readonly nCutTexts: number;
  /** Tokens as the service counted them. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** What the tokens cost; null where the price is not known. */
  readonly dollars: number | null;
}

/** What judges took, once everything has been asked. */
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
 * Whether a judge favours long predictions: Spearman's correlations over the rated cases, null where
 * undefined.
 */
export interface LengthBias {
  /** Cases with a rating. */
  readonly n: number;
  /** Rating with the length of the prediction, in code points. */
  readonly predictionLength: number | null;
  /** Rating with the length of the prediction minus that of the gold answer. */
  readonly lengthDifference: number | null;
}

/** How far ratings differ when gold answer and prediction are exchanged. */
export interface SwapReport {
  /** Whether the mean of both ratings was scored, or only the first. */
  readonly scored: 'mean' | 'first';
  /** Cases rated in both orders. */
  readonly n: number;
  readonly shareDiffering: number | null;
  readonly meanAbsoluteDifference: number | null;
}

/** How far a second judge agrees with the first. */
export interface SecondJudgeReport extends JudgeIdentity {
  /** Cases rated by both. */
  readonly n: number;
  /** Cases to which one of the two gave no rating. */
  readonly nUnusable: number;
  readonly quadraticWeightedKappa: number | null;
  readonly exactAgreement: number | null;
}

/** Why cases were not judged, and how many were not for that. */
export interface ReasonCount {
  readonly reason: string;
  readonly n: number;
}
