import { caseKey } from '../case-key.js';
import type { CallExpense, Judge, JudgeCase, Rubric } from '../judge.js';

/** What would be asked. */
export interface PlannedCase {
  readonly judgeCase: JudgeCase;
  readonly rubric: Rubric;
}

/**
 * The distinct cases that scoring would ask about. Scoring is run with a judge that says 1 to everything, which works
 * because what is asked never depends on a rating; whatever is wrong with the files is found before anything is paid.
 */
export async function rehearse(score: (judge: Judge) => Promise<unknown>): Promise<PlannedCase[]> {
  const planned = new Map<string, PlannedCase>();
  await score({
    id: 'rehearsal',
    comparable: false,
    promptHash: null,
    rate(judgeCase, rubric) {
      planned.set(`${rubric} ${caseKey(judgeCase)}`, { judgeCase, rubric });
      return Promise.resolve('1');
    },
  });
  return [...planned.values()];
}

/** What asking a judge about cases would take, all in all; nothing where the judge is free. Equal cases count once. */
export async function foreseeAll(judge: Judge, planned: readonly PlannedCase[]): Promise<CallExpense> {
  const total = { calls: 0, inputTokens: 0, outputTokens: 0 };
  if (judge.foresee === undefined) return total;
  const seen = new Set<string>();
  for (const { judgeCase, rubric } of planned) {
    const key = `${rubric} ${caseKey(judgeCase)}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const one = await judge.foresee(judgeCase, rubric);
    total.calls += one.calls;
    total.inputTokens += one.inputTokens;
    total.outputTokens += one.outputTokens;
  }
  return total;
}
