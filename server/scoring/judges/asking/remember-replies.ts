import { caseKey } from '../case-key.js';
import type { Judge, JudgeCase, JudgeReply, Rubric } from '../judge.js';

/** A case and what the judge replied to it. */
export interface RatedCase {
  readonly judgeCase: JudgeCase;
  readonly rubric: Rubric;
  readonly reply: JudgeReply;
}

/** A judge whose replies are remembered for the rest of a run. */
export interface RememberedJudge {
  readonly judge: Judge;
  /** Every case rated so far, once each, in the order in which they were first asked. */
  rated(): readonly RatedCase[];
}

/** Asks a judge once about every case; `onReply` is called with each new reply. */
export function rememberReplies(judge: Judge, onReply: (rated: RatedCase) => void): RememberedJudge {
  const promised = new Map<string, Promise<JudgeReply>>();
  const rated = new Map<string, RatedCase | null>();
  const ask = async (key: string, judgeCase: JudgeCase, rubric: Rubric, signal?: AbortSignal) => {
    try {
      const one = { judgeCase, rubric, reply: await judge.rate(judgeCase, rubric, signal) };
      rated.set(key, one);
      onReply(one);
      return one.reply;
    } catch (thrown) {
      promised.delete(key);
      throw thrown;
    }
  };
  return {
    judge: {
      ...judge,
      rate(judgeCase, rubric, signal) {
        const key = `${rubric} ${caseKey(judgeCase)}`;
        const known = promised.get(key);
        if (known !== undefined) return known;
        // Its place in the order is taken when it is asked, since replies come as they like.
        rated.set(key, null);
        const reply = ask(key, judgeCase, rubric, signal);
        promised.set(key, reply);
        return reply;
      },
    },
    rated: () => [...rated.values()].filter((one) => one !== null),
  };
}
