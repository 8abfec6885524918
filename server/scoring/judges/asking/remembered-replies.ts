import pMemoize from 'p-memoize';
import { requestKey, type Judge, type JudgeCase, type JudgeReply, type Rubric } from '../judge.js';
import type { JudgeTally } from './judge-settings.js';

/** A judge whose replies are remembered for the rest of a run. */
export interface RememberingJudge {
  readonly judge: Judge;
  /** Every case rated so far, once each, in the order in which they were first asked. */
  rated(): readonly RatedCase[];
}

/** A case and what the judge replied to it. */
export interface RatedCase {
  readonly judgeCase: JudgeCase;
  readonly rubric: Rubric;
  readonly reply: JudgeReply;
}

/**
 * Asks a judge once about every case; `onReply` is called with each new reply. A case whose request failed
 * may be asked again.
 */
export function rememberReplies(judge: Judge, onReply: (rated: RatedCase) => void): RememberingJudge {
  const rated = new Map<string, RatedCase | null>();
  const ask: Judge['rate'] = async (judgeCase, rubric) => {
    const key = requestKey(judgeCase, rubric);
    // Its place in the order is taken when it is asked, since replies come as they like.
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

/** Asks a judge once about equal cases that are under way at the same time, and counts those it spares. */
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
