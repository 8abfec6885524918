import { DuetError } from '../../errors.js';
import { onOneLine } from '../files/file-fault.js';
import type { Mode } from '../mode.js';
import { caseKey, describeCase } from './case-key.js';
import { countCalls } from './counted-judge.js';
import type { Judge, JudgeCase, Rubric } from './judge.js';
import { readRating } from './read-rating.js';

/** Asks a judge and reads its replies by the rule of the mode, counting as it goes. */
export interface Rater {
  /** A rating; null for a reply that cannot be read, which is counted. */
  readonly rate: (judgeCase: JudgeCase) => Promise<number | null>;
  readonly calls: () => number;
  readonly unparsable: () => number;
}

/** A rater by one rubric; {@link readRating} says how replies are read. */
export function createRater(judge: Judge, mode: Mode, rubric: Rubric): Rater {
  const counted = countCalls(judge);
  let unparsable = 0;
  return {
    calls: counted.calls,
    unparsable: () => unparsable,
    rate: async (judgeCase) => {
      const reply = await counted.rate(judgeCase, rubric);
      const rating = explainFaults(judgeCase, () => readRating(reply, rubric, mode));
      if (rating === null) unparsable += 1;
      return rating;
    },
  };
}

/** A rater's ratings, each case rated once: what counts at delivery time is mostly what counts anyway. */
export function rateOnce(rater: Rater): Rater['rate'] {
  const known = new Map<string, Promise<number | null>>();
  return (judgeCase) => {
    const key = caseKey(judgeCase);
    const rating = known.get(key) ?? rater.rate(judgeCase);
    known.set(key, rating);
    return rating;
  };
}

/** Rates cases at the same time and gives the ratings in their order; the first failure is thrown once all have settled. */
export async function rateAll<Rating>(
  cases: readonly JudgeCase[],
  rate: (judgeCase: JudgeCase) => Promise<Rating>,
): Promise<Rating[]> {
  const outcomes = await Promise.allSettled(cases.map(rate));
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}

function explainFaults(judgeCase: JudgeCase, read: () => number | null): number | null {
  try {
    return read();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DuetError('invalid_request', onOneLine(`${reason}: ${describeCase(judgeCase)}`), { cause });
  }
}
