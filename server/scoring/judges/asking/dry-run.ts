import { requestKey, type Judge, type JudgeCase, type JudgeIdentity, type Rubric } from '../judge.js';

/** A judge that rates everything 1 and reports every case it is asked about. */
export function dryRunJudge(
  onCase: (judgeCase: JudgeCase, rubric: Rubric) => void = () => undefined,
  identity: JudgeIdentity = { id: 'dry-run', comparable: false, promptHash: null },
): Judge {
  return {
    ...identity,
    rate: (judgeCase, rubric) => {
      onCase(judgeCase, rubric);
      return Promise.resolve('1');
    },
  };
}

/** What would be asked. */
export interface PlannedCase {
  readonly judgeCase: JudgeCase;
  readonly rubric: Rubric;
}

/**
 * The distinct cases that work would ask about, in order. The work is run with {@link dryRunJudge}, which is
 * possible because what it asks never depends on a rating. Errors in the files are found before anything is
 * paid for.
 */
export async function plannedCases(work: (judge: Judge) => Promise<unknown>): Promise<PlannedCase[]> {
  const planned = new Map<string, PlannedCase>();
  await work(
    dryRunJudge((judgeCase, rubric) => {
      planned.set(requestKey(judgeCase, rubric), { judgeCase, rubric });
    }),
  );
  return [...planned.values()];
}
