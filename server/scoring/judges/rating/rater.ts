import pMemoize from 'p-memoize';
import { DuetError } from '../../../errors.js';
import { onOneLine } from '../../data/json/file-fault.js';
import type { Mode } from '../../mode.js';
import { caseKey, describeCase, type Judge, type JudgeCase, type Rubric } from '../judge.js';
import { readRating } from './read-rating.js';

/** Asks a judge, reads its replies by the rule of the mode, and counts. */
export interface Rater {
  readonly rate: (judgeCase: JudgeCase) => Promise<Rating>;
  readonly calls: () => number;
  readonly unparsable: () => number;
  readonly notJudged: () => number;
}

/** A rating, or why there is none: the reply held none, or the judge refused the case. */
export type Rating = number | 'unreadable' | 'not_judged';

/** A rater for one rubric; replies are read by {@link readRating}. */
export function createRater(judge: Judge, mode: Mode, rubric: Rubric): Rater {
  let calls = 0;
  let unparsable = 0;
  let notJudged = 0;
  return {
    calls: () => calls,
    unparsable: () => unparsable,
    notJudged: () => notJudged,
    rate: async (judgeCase) => {
      calls += 1;
      const reply = await judge.rate(judgeCase, rubric);
      if (typeof reply === 'object') {
        notJudged += 1;
        return 'not_judged';
      }
      const rating = explainFaults(judgeCase, () => readRating(reply, rubric, mode));
      if (rating === null) unparsable += 1;
      return rating ?? 'unreadable';
    },
  };
}

function explainFaults(judgeCase: JudgeCase, read: () => number | null): number | null {
  try {
    return read();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DuetError('invalid_request', onOneLine(`${reason}: ${describeCase(judgeCase)}`), { cause });
  }
}

/**
 * A rater for one example that rates equal cases once: ratings at delivery time mostly repeat other ratings.
 */
interface ExampleRater extends Pick<Rater, 'rate'> {
  /** Cases of this example whose replies held no rating. */
  readonly unparsable: () => number;
}

/** Creates a rater for one example. */
export function rateOnce(rater: Rater): ExampleRater {
  let unparsable = 0;
  const rate = async (judgeCase: JudgeCase) => {
    const rating = await rater.rate(judgeCase);
    if (rating === 'unreadable') unparsable += 1;
    return rating;
  };
  return {
    unparsable: () => unparsable,
    rate: pMemoize(rate, { cacheKey: ([judgeCase]) => caseKey(judgeCase) }),
  };
}

/**
 * Rates cases concurrently and returns the ratings in order; the first failure is thrown once all have
 * settled.
 */
export async function rateAll(cases: readonly JudgeCase[], rate: Rater['rate']): Promise<Rating[]> {
  const outcomes = await Promise.allSettled(cases.map(rate));
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}
