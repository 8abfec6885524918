import type { Judge, JudgeCase, Rubric } from './judge.js';

/** A judge wrapped so that the calls made through it are counted. */
export interface CountedJudge {
  readonly rate: (judgeCase: JudgeCase, rubric: Rubric) => Promise<string | number>;
  readonly calls: () => number;
}

/** Counts the calls made to a judge. */
export function countCalls(judge: Judge): CountedJudge {
  let calls = 0;
  return {
    rate: (judgeCase, rubric) => {
      calls += 1;
      return judge.rate(judgeCase, rubric);
    },
    calls: () => calls,
  };
}
