import type { QuestionId } from '../data/question-id.js';
import type { Mode } from '../mode.js';
import type { JudgeCase } from './judge.js';

/** One request of a batch; requests with equal ids have equal cases. */
export interface BatchRequest extends JudgeCase {
  readonly customId: string;
}

/**
 * The id of a request: `question*gold rows*reply columns`, rows and columns joined by commas. `strict`
 * escapes `*` as `%2A` and `%` as `%25` in the question id; `compat` leaves it as is, like the published
 * scripts.
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

/** The entries of a score matrix that one request fills. */
interface BatchPlace {
  readonly goldIndices: readonly number[];
  readonly replyIndices: readonly number[];
}
