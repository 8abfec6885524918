import { caseKey } from '../case-key.js';
import type { Judge, JudgeReply } from '../judge.js';
import type { JudgeTally } from './judge-settings.js';

/** A judge that is asked once for cases that are the same and under way at the same time. */
export function shareInFlight(judge: Judge, tally: JudgeTally): Judge {
  const underWay = new Map<string, Promise<JudgeReply>>();
  return {
    ...judge,
    rate(judgeCase, rubric, signal) {
      const key = `${rubric} ${caseKey(judgeCase)}`;
      const earlier = underWay.get(key);
      if (earlier !== undefined) {
        tally.shared += 1;
        return earlier;
      }
      const reply = judge.rate(judgeCase, rubric, signal).finally(() => underWay.delete(key));
      underWay.set(key, reply);
      return reply;
    },
  };
}
