import { DuetError } from '../errors.js';
import type { Gold } from '../scoring/data/unique-ids.js';
import type { TaskReport } from '../scoring/report/report.js';

/**
 * The annotations of a file. Throws 'invalid_request' when none of them has an answer, so that there is
 * nothing to score.
 */
export async function readLabelled<Annotations extends Gold<unknown>>(
  file: string,
  read: (file: string) => Promise<Annotations>,
): Promise<Annotations> {
  const gold = await read(file);
  if (gold.size > 0 || unlabelledIn(gold) === 0) return gold;
  const count = unlabelledIn(gold);
  const message = `${file}: none of the ${count} questions has an answer, so there is nothing to score`;
  throw new DuetError('invalid_request', message);
}

/** How many questions of a file have no answer to be scored by. */
function unlabelledIn({ unlabelled }: Gold<unknown>): number {
  return unlabelled?.size ?? 0;
}

/** The report with a count of the questions that have no answer. */
export function withUnlabelled(report: TaskReport, gold: Gold<unknown>): TaskReport {
  const nUnlabelled = unlabelledIn(gold);
  if (nUnlabelled === 0) return report;
  const note = `${nUnlabelled} questions have no answer and are not scored`;
  return { ...report, counts: { ...report.counts, nUnlabelled }, notes: [...report.notes, note] };
}
