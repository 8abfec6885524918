import { openBudget } from './asking/budget.js';
import { plannedCases } from './asking/dry-run.js';
import { estimateJudging, requireWithinBudget, type JudgingEstimate } from './asking/estimate.js';
import { settingsOf, type JudgeTally } from './asking/judge-settings.js';
import { priceOf } from './asking/prices.js';
import { withKnownReplies, type ReplyRecording } from './asking/recording.js';
import { rememberReplies, type RatedCase, type RememberingJudge } from './asking/remembered-replies.js';
import { identityOf, swapped, type Judge, type JudgeCase, type JudgeIdentity } from './judge.js';
import type { JudgingPlan, PlannedJudge, Price } from './judging-plan.js';
import { openJudge } from './kinds/open-judge.js';
import { averageOfBothOrders } from './report/both-orders.js';
import { spentBy, type JudgingReport } from './report/judging-report.js';
import { lengthBiasOf, ratePairs, secondReportOf, swapReportOf } from './report/rating-checks.js';
import { notJudgedReasons, requireMostRated } from './report/require-most-rated.js';

/** Opens the judges of a plan: the only way to judge predictions. Nothing is asked yet. */
export async function openJudging(plan: JudgingPlan, hooks: JudgingHooks): Promise<Judging> {
  const budget = plan.budget === null ? null : openBudget(plan.budget);
  const open = async (planned: PlannedJudge): Promise<OpenedJudge> => {
    const price = priceOf(planned);
    const reserve = price === null || budget === null ? null : budget.reserveAt(price);
    const settings = { ...settingsOf(plan, planned, hooks.signal), reserve };
    return { judge: await openJudge(planned.name, settings), tally: settings.tally, price };
  };
  const first = await open(plan.judge);
  const second = plan.second === null ? null : await open(plan.second);
  return {
    judge: identityOf(first.judge),
    run: (work) => runJudged(plan, { first, second }, work, hooks),
  };
}

/** Callbacks and cancellation for judging. */
export interface JudgingHooks {
  /**
   * Called after every new reply with the number of replies; never called if there is nothing to wait for.
   */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal: AbortSignal;
}

/** The judges of one run. */
interface Judging {
  readonly judge: JudgeIdentity;
  /**
   * Estimates the cost, refuses to exceed the budget, and does the work; a dry run only estimates. A free
   * judge is estimated only on a dry run. Throws if most cases got no rating.
   */
  run<Result>(work: JudgedWork<Result>): Promise<JudgedOutcome<Result>>;
}

/** Work that asks a judge. What it asks must not depend on ratings. */
interface JudgedWork<Result> {
  /** Does the work; `concurrency` examples may wait for the judge at once. */
  readonly score: (judge: Judge, concurrency: number) => Promise<Result>;
  /** Does the same without side effects, to find out what will be asked. */
  readonly dryRun: (judge: Judge) => Promise<unknown>;
  /** The recording to take replies from and add them to; null for none. */
  readonly recording?: ReplyRecording | null;
}

/** Work that was done, or only estimated. */
type JudgedOutcome<Result> =
  | { readonly type: 'estimated'; readonly judge: JudgeIdentity; readonly estimate: JudgingEstimate }
  | {
      readonly type: 'judged';
      readonly judge: JudgeIdentity;
      readonly result: Result;
      readonly judging: JudgingReport;
    };

interface OpenedJudge {
  readonly judge: Judge;
  readonly tally: JudgeTally;
  readonly price: Price | null;
}

interface OpenedJudges {
  readonly first: OpenedJudge;
  readonly second: OpenedJudge | null;
}

async function runJudged<Result>(
  plan: JudgingPlan,
  opened: OpenedJudges,
  work: JudgedWork<Result>,
  { onProgress }: JudgingHooks,
): Promise<JudgedOutcome<Result>> {
  const recording = work.recording ?? null;
  const judges = recording === null ? opened : withRecording(opened, recording, plan);
  const judge = identityOf(judges.first.judge);
  const estimate = await estimateIfNeeded(plan, judges, work);
  if (estimate !== null && plan.dryRun) return { type: 'estimated', judge, estimate };
  if (estimate !== null) requireWithinBudget(estimate, plan.budget);
  // Known replies arrive at once, so they need no progress.
  const total = estimate !== null && estimate.calls > 0 ? estimate.replies : 0;
  let done = 0;
  const asked = askOnce(judges, {
    onRated: (rated) => recording?.add(rated),
    onReply: () => {
      done += 1;
      if (total > 0) onProgress?.(done, total);
    },
  });
  const result = await work.score(judgeOf(plan, asked), plan.concurrency);
  return { type: 'judged', judge, result, judging: await reportOf(plan, judges, asked) };
}

function withRecording({ first, second }: OpenedJudges, { known }: ReplyRecording, { mode }: JudgingPlan) {
  return { first: { ...first, judge: withKnownReplies(first.judge, known, mode) }, second };
}

async function estimateIfNeeded(
  plan: JudgingPlan,
  { first, second }: OpenedJudges,
  work: Pick<JudgedWork<unknown>, 'dryRun'>,
): Promise<JudgingEstimate | null> {
  const isFree = first.judge.estimate === undefined && second?.judge.estimate === undefined;
  if (isFree && !plan.dryRun) return null;
  return estimateJudging(await plannedCases(work.dryRun), plan.swap, first, second);
}

/** Judges that are asked about every case only once per run. */
interface AskedJudges {
  /**
   * The first judge, for cases as they are (`straight`) and with gold answer and prediction swapped
   * (`crossed`).
   */
  readonly straight: RememberingJudge;
  readonly crossed: Judge;
  readonly second: Judge | null;
}

/**
 * `onRated` receives every new reply of the first judge; `onReply` is called for every new reply of either.
 */
function askOnce(
  { first, second }: OpenedJudges,
  told: { readonly onRated: (rated: RatedCase) => void; readonly onReply: () => void },
): AskedJudges {
  const onFirst = (rated: RatedCase): void => {
    told.onRated(rated);
    told.onReply();
  };
  return {
    straight: rememberReplies(first.judge, onFirst),
    crossed: rememberReplies(first.judge, onFirst).judge,
    second: second === null ? null : rememberReplies(second.judge, told.onReply).judge,
  };
}

/** The judge whose ratings are scored. */
function judgeOf({ mode, swap }: JudgingPlan, { straight, crossed }: AskedJudges): Judge {
  return swap === 'mean' ? averageOfBothOrders(straight.judge, crossed, mode) : straight.judge;
}

/** Asks what is left, swapped cases and the second judge, and summarises. */
async function reportOf(
  { mode, swap, concurrency }: JudgingPlan,
  { first, second }: OpenedJudges,
  asked: AskedJudges,
): Promise<JudgingReport> {
  const rated = asked.straight.rated();
  requireMostRated(rated, first.judge, mode, first.tally);
  const pairsWith = (judge: Judge, shown: (judgeCase: JudgeCase) => JudgeCase) =>
    ratePairs(rated, judge, mode, concurrency, shown);
  const scored = swap === 'mean' ? 'mean' : 'first';
  const swapReport = swap === 'off' ? null : swapReportOf(await pairsWith(asked.crossed, swapped), scored);
  const agreement =
    asked.second === null
      ? null
      : secondReportOf(await pairsWith(asked.second, (same) => same), asked.second);
  return {
    nCases: rated.length,
    // Read last, once everything has been spent.
    ...spentBy(second === null ? [first] : [first, second]),
    notJudged: notJudgedReasons(rated),
    lengthBias: lengthBiasOf(rated, mode),
    askedAs: first.judge.askedAs?.() ?? [],
    swap: swapReport,
    second: agreement,
  };
}
