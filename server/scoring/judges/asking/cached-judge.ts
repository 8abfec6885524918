import { createHash } from 'node:crypto';
import type { Judge, JudgeCase, Rubric } from '../judge.js';
import type { JudgeTally } from './judge-settings.js';
import { isUsable } from '../rating/read-rating.js';
import type { ReplyCache } from './reply-cache.js';

/**
 * A judge that is asked only what it was never asked. Replies that hold no rating are not kept, so that they
 * are asked again next time; an entry that is damaged counts as none.
 */
export function cachedJudge(judge: Judge, cache: ReplyCache, tally: JudgeTally): Judge {
  const foresee = judge.foresee?.bind(judge);
  const known = async (judgeCase: JudgeCase, rubric: Rubric) => {
    const found = await cache.find(cacheKey(judge, judgeCase, rubric));
    return found.type === 'reply' && !isUsable(found.reply, rubric) ? ({ type: 'nothing' } as const) : found;
  };
  return {
    ...judge,
    async rate(judgeCase, rubric, signal) {
      const found = await known(judgeCase, rubric);
      if (found.type === 'reply') {
        tally.cacheHits += 1;
        return found.reply;
      }
      if (found.type === 'damaged') tally.cacheFaults += 1;
      const reply = await judge.rate(judgeCase, rubric, signal);
      if (typeof reply === 'object' || !isUsable(reply, rubric)) return reply;
      const { question, gold, prediction: pred } = judgeCase;
      const kept = { question, gold, pred, rubric, judge: judge.id, reply };
      if (!(await cache.keep(cacheKey(judge, judgeCase, rubric), kept))) tally.cacheFaults += 1;
      return reply;
    },
    ...(foresee === undefined
      ? {}
      : {
          foresee: async (judgeCase: JudgeCase, rubric: Rubric) => {
            const { type } = await known(judgeCase, rubric);
            return type === 'reply'
              ? { calls: 0, inputTokens: 0, outputTokens: 0 }
              : foresee(judgeCase, rubric);
          },
        }),
  };
}

/** SHA-256 over the case, the rubric, and everything that tells one judge from another. */
export function cacheKey(
  judge: Pick<Judge, 'id' | 'endpoint' | 'promptHash'>,
  { question, gold, prediction }: JudgeCase,
  rubric: Rubric,
): string {
  const parts = [judge.id, judge.endpoint ?? '', judge.promptHash, rubric, question, gold, prediction];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
