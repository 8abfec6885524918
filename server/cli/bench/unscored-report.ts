import type { Mode } from '../../scoring/mode.js';
import type { TaskReport } from '../../scoring/report/report.js';

/**
 * The report of questions without answers: what was played can be viewed and submitted, and nothing is
 * scored.
 */
export function unscoredReport(task: string, mode: Mode, nUnlabelled: number): TaskReport {
  const count =
    nUnlabelled === 1 ? 'the question has no answer' : `none of the ${nUnlabelled} questions has an answer`;
  return {
    ...{ task, mode, options: {}, versions: {}, judge: null, headline: [], values: {} },
    notes: [`${count}, so nothing is scored`],
    counts: { nUnlabelled },
    ...{ exampleMetric: 'none', examples: [] },
  };
}
