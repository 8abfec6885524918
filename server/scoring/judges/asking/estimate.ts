import { DuetError } from '../../../errors.js';
import { noCall, requestKey, swapped, type CallEstimate, type Judge } from '../judge.js';
import type { Price, SwapRule } from '../judging-plan.js';
import type { PlannedCase } from './dry-run.js';
import { addCosts, costOf } from './prices.js';

/** What judging would cost. */
export interface JudgingEstimate extends CallEstimate {
  /** Replies needed, counting both orders and both judges. */
  readonly replies: number;
  /** Null if the price of a judge that must be asked is unknown. */
  readonly dollars: number | null;
}

/** A judge and the price of its tokens; null if unknown. */
interface PricedJudge {
  readonly judge: Judge;
  readonly price: Price | null;
}

/**
 * What rating cases would cost, in both orders unless `swap` is off, and by a second judge if there is one.
 */
export async function estimateJudging(
  planned: readonly PlannedCase[],
  swap: SwapRule,
  first: PricedJudge,
  second: PricedJudge | null,
): Promise<JudgingEstimate> {
  const otherOrder = planned.map((one) => ({ ...one, judgeCase: swapped(one.judgeCase) }));
  const asked = await estimateCalls(first.judge, swap === 'off' ? planned : [...planned, ...otherOrder]);
  const alsoAsked = second === null ? noCall : await estimateCalls(second.judge, planned);
  return {
    replies: planned.length * ((swap === 'off' ? 1 : 2) + (second === null ? 0 : 1)),
    calls: asked.calls + alsoAsked.calls,
    inputTokens: asked.inputTokens + alsoAsked.inputTokens,
    outputTokens: asked.outputTokens + alsoAsked.outputTokens,
    dollars: addCosts(costOf(asked, first.price), costOf(alsoAsked, second?.price ?? null)),
  };
}

/** Equal cases count once; a free judge costs nothing. */
async function estimateCalls(judge: Judge, planned: readonly PlannedCase[]): Promise<CallEstimate> {
  if (judge.estimate === undefined) return noCall;
  const distinct = new Map(
    planned.map(({ judgeCase, rubric }) => [requestKey(judgeCase, rubric), { judgeCase, rubric }]),
  );
  const total = { ...noCall };
  for (const { judgeCase, rubric } of distinct.values()) {
    const one = await judge.estimate(judgeCase, rubric);
    total.calls += one.calls;
    total.inputTokens += one.inputTokens;
    total.outputTokens += one.outputTokens;
  }
  return total;
}

/** An estimate in one line. */
export function describeEstimate(estimate: JudgingEstimate): string {
  const { replies, calls, inputTokens, outputTokens, dollars } = estimate;
  const cost = dollars === null ? 'price not known' : `about $${dollars.toFixed(dollars < 1 ? 4 : 2)}`;
  return (
    `${replies} ratings, ${calls} to be asked, about ${inputTokens} ` +
    `tokens in and at most ${outputTokens} out, ${cost}`
  );
}

/** Throws for an estimate over the budget, in dollars; null for no limit. */
export function requireWithinBudget(estimate: JudgingEstimate, budget: number | null): void {
  if (budget === null) return;
  if (estimate.dollars === null) {
    const message =
      '--judge-budget needs the price of the judge; give --judge-price (and --second-judge-price)';
    throw new DuetError('invalid_request', message);
  }
  if (estimate.dollars <= budget) return;
  const message = `judging would cost more than --judge-budget ${budget}: ${describeEstimate(estimate)}`;
  throw new DuetError('invalid_request', message);
}
