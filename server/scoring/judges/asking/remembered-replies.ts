import pMemoize from 'p-memoize';
import { requestKey, type Judge, type JudgeCase, type JudgeReply, type Rubric } from '../judge.js';
import type { JudgeTally } from './judge-settings.js';

/** A judge whose replies are remembered for the rest of a run. */
export interface RememberingJudge {
  readonly judge: Judge;
  /** Every case rated so far, in the order first asked. */
  rated(): readonly RatedCase[];
}

/** A case and the judge's reply. */
export interface RatedCase {
  readonly judgeCase: JudgeCase;
  readonly rubric: Rubric;
  readonly reply: JudgeReply;
}

/**
 * Asks a judge only once about every case; `onReply` is called with each new reply. A case whose request
 * failed may be asked again.
 */
export function rememberReplies(judge: Judge, onReply: (rated: RatedCase) => void): RememberingJudge {
  const rated = new Map<string, RatedCase | null>();
  const ask: Judge['rate'] = async (judgeCase, rubric) => {
    const key = requestKey(judgeCase, rubric);
    // Reserves its place in the order now, since replies arrive in any order.
    rated.set(key, null);
    const one = { judgeCase, rubric, reply: await judge.rate(judgeCase, rubric) };
    rated.set(key, one);
    onReply(one);
    return one.reply;
  };
  return {
    judge: { ...judge, rate: pMemoize(ask, { cacheKey }) },
    rated: () => [...rated.values()].filter((one) => one !== null),
  };
}

/** Shares one request among equal cases asked for at the same time, and counts the requests saved. */
export function shareRequests(judge: Judge, tally: JudgeTally): Judge {
  const ask: Judge['rate'] = (judgeCase, rubric) => {
    tally.shared -= 1;
    return judge.rate(judgeCase, rubric);
  };
  const shared = pMemoize(ask, { cacheKey, cache: false });
  return {
    ...judge,
    rate: (judgeCase, rubric) => {
      tally.shared += 1;
      return shared(judgeCase, rubric);
    },
  };
}

function cacheKey([judgeCase, rubric]: Parameters<Judge['rate']>): string {
  return requestKey(judgeCase, rubric);
}
