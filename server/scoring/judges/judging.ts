import type { Mode } from '../mode.js';
import { averageOfBothOrders, exchanged } from './report/both-orders.js';
import { lengthBiasOf, secondReportOf, swapReportOf } from './report/examine-ratings.js';
import type { CallExpense, Judge, JudgeCase } from './judge.js';
import type { JudgeSettings, JudgeTally } from './asking/judge-settings.js';
import type { JudgingReport } from './report/judging-report.js';
import { openJudge } from './kinds/open-judge.js';
import { costOf, type Price } from './asking/prices.js';
import { ratePairs } from './report/rate-pairs.js';
import { foreseeAll, rehearse, type PlannedCase } from './asking/dry-run.js';
import { rememberReplies, type RatedCase } from './asking/remember-replies.js';
import { notJudgedReasons, requireRatings } from './report/require-ratings.js';
import { withKnownReplies, type KnownReplies } from './asking/recording.js';

/** A judge by name, how it is asked, and what its tokens cost; null where that is not known. */
export interface NamedJudge {
  readonly name: string;
  readonly settings: JudgeSettings;
  readonly price: Price | null;
}

/** How a run is judged. */
export interface JudgingRequest {
  readonly mode: Mode;
  readonly first: NamedJudge;
  /** Rates the same cases, for agreement; null for none. */
  readonly second: NamedJudge | null;
  /**
   * Whether cases are also rated with gold and prediction exchanged, and whether the mean of both is the
   * rating.
   */
  readonly swap: 'off' | 'report' | 'mean';
  /** Replies of the first judge that are known, by case; it is not asked for them. */
  readonly known: KnownReplies;
  /** Told of every reply of the first judge. */
  readonly onReply: (rated: RatedCase) => void;
  /** Told whenever a judge has replied to a case it was not asked before in this run. */
  readonly onProgress: () => void;
}

/** What judging would take. */
export interface JudgingEstimate extends CallExpense {
  /** Distinct cases, both orders and both judges counted. */
  readonly replies: number;
  /** Null where the price of a judge that has to be asked is not known. */
  readonly dollars: number | null;
}

/** Judging one run: hand {@link Judging.judge} to a scorer, then ask for the report. */
export interface Judging {
  readonly judge: Judge;
  /** How many examples may wait for the judge at once. */
  readonly concurrency: number;
  /** Whether nothing has to be paid or waited for. */
  readonly free: boolean;
  /** What scoring would take, found by running it with a judge that costs nothing. */
  estimate(score: (judge: Judge) => Promise<unknown>): Promise<JudgingEstimate>;
  /**
   * Asks what is left to ask, exchanged cases and the second judge, and sums up. Throws where most cases have
   * no rating.
   */
  report(): Promise<JudgingReport>;
}

/** Opens the judges of a run. */
export async function openJudging(request: JudgingRequest): Promise<Judging> {
  const { mode, first, second, swap } = request;
  const opened = withKnownReplies(await openJudge(first.name, first.settings), request.known, mode);
  const openedSecond = second === null ? null : await openJudge(second.name, second.settings);
  const replied = (rated: RatedCase) => {
    request.onReply(rated);
    request.onProgress();
  };
  const straight = rememberReplies(opened, replied);
  const crossed = rememberReplies(opened, replied).judge;
  const other = openedSecond === null ? null : rememberReplies(openedSecond, request.onProgress).judge;
  const { concurrency } = first.settings;
  return {
    judge: swap === 'mean' ? averageOfBothOrders(straight.judge, crossed, mode) : straight.judge,
    concurrency,
    free: opened.foresee === undefined && openedSecond?.foresee === undefined,
    estimate: async (score) => {
      const planned = await rehearse(score);
      return estimateOf(planned, request, { first: opened, second: openedSecond });
    },
    report: async () => {
      const rated = straight.rated();
      requireRatings(rated, opened, mode, first.settings.tally);
      const pairsWith = (judge: Judge, changed: (judgeCase: JudgeCase) => JudgeCase) =>
        ratePairs(rated, judge, mode, concurrency, changed);
      const scored = swap === 'mean' ? 'mean' : 'first';
      const swapped = swap === 'off' ? null : swapReportOf(await pairsWith(crossed, exchanged), scored);
      const agreement = other === null ? null : secondReportOf(await pairsWith(other, (same) => same), other);
      const askedAs = opened.askedAs?.() ?? [];
      // What was spent is known only now.
      return { ...sumUp(rated, request), askedAs, swap: swapped, second: agreement };
    },
  };
}

async function estimateOf(
  planned: readonly PlannedCase[],
  { swap, first, second }: JudgingRequest,
  judges: { readonly first: Judge; readonly second: Judge | null },
): Promise<JudgingEstimate> {
  const bothOrders = planned.map((one) => ({ ...one, judgeCase: exchanged(one.judgeCase) }));
  const asked = await foreseeAll(judges.first, swap === 'off' ? planned : [...planned, ...bothOrders]);
  const alsoAsked = judges.second === null ? nothing : await foreseeAll(judges.second, planned);
  return {
    replies: planned.length * ((swap === 'off' ? 1 : 2) + (judges.second === null ? 0 : 1)),
    calls: asked.calls + alsoAsked.calls,
    inputTokens: asked.inputTokens + alsoAsked.inputTokens,
    outputTokens: asked.outputTokens + alsoAsked.outputTokens,
    dollars: together(costOf(asked, first.price), costOf(alsoAsked, second?.price ?? null)),
  };
}

const nothing: CallExpense = { calls: 0, inputTokens: 0, outputTokens: 0 };

function sumUp(
  rated: readonly RatedCase[],
  request: JudgingRequest,
): Omit<JudgingReport, 'askedAs' | 'swap' | 'second'> {
  return {
    nCases: rated.length,
    ...spentBy(request),
    notJudged: notJudgedReasons(rated),
    lengthBias: lengthBiasOf(rated, request.mode),
  };
}

type Spent = Omit<JudgingReport, 'nCases' | 'notJudged' | 'askedAs' | 'lengthBias' | 'swap' | 'second'>;

/** What both judges took, read once everything has been asked. */
function spentBy({ first, second }: JudgingRequest): Spent {
  const tallies = second === null ? [first.settings.tally] : [first.settings.tally, second.settings.tally];
  const total = (count: keyof JudgeTally) => tallies.reduce((sum, tally) => sum + tally[count], 0);
  const costs = [costOf(first.settings.tally, first.price)];
  if (second !== null) costs.push(costOf(second.settings.tally, second.price));
  return {
    nRequests: total('requests'),
    nCacheHits: total('cacheHits'),
    nCacheFaults: total('cacheFaults'),
    nAskedAgain: total('askedAgain'),
    nCutOff: total('cutOff'),
    nCutTexts: total('cutTexts'),
    inputTokens: total('inputTokens'),
    outputTokens: total('outputTokens'),
    dollars: costs.reduce(together, 0),
  };
}

/** A sum with something unknown in it is unknown. */
function together(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : one + other;
}
