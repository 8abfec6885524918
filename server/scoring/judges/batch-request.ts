import type { QuestionId } from '../data/question-id.js';
import type { Mode } from '../mode.js';
import type { JudgeCase } from './judge.js';

/** One judge call of the batch route; equal ids stand for equal cases. */
export interface BatchRequest extends JudgeCase {
  readonly customId: string;
}

/**
 * The id of a request, `question*gold rows*reply columns`, rows and columns joined by commas. `strict`
 * escapes the question id, `*` as `%2A` and `%` as `%25`; `compat` leaves it as the published scripts do.
 */
export function batchId(
  questionId: QuestionId,
  { goldIndices, replyIndices }: BatchPlace,
  mode: Mode = 'compat',
): string {
  const id = String(questionId);
  const first = mode === 'compat' ? id : id.replaceAll('%', '%25').replaceAll('*', '%2A');
  return `${first}*${goldIndices.join(',')}*${replyIndices.join(',')}`;
}

/** The ratings of a score matrix that one call fills. */
interface BatchPlace {
  readonly goldIndices: readonly number[];
  readonly replyIndices: readonly number[];
}
