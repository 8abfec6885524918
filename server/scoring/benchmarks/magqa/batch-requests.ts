import { DuetError } from '../../../errors.js';
import type { Mode } from '../../mode.js';
import type { QuestionId } from '../../data/question-id.js';
import type { JudgeCase } from '../../judges/judge.js';
import type { MatrixCall, MatrixPlan } from './score-matrix.js';

/** One judge call of the batch route. The id is `question*gold rows*reply columns`, rows and columns joined by commas. */
export interface BatchRequest extends JudgeCase {
  readonly customId: string;
}

/**
 * The requests of one example. In `compat` it throws for a question id with `*` in it, which the published scripts cannot
 * read back; `strict` writes such an id with `*` as `%2A` and `%` as `%25`.
 */
export function batchRequests(
  questionId: QuestionId,
  plan: MatrixPlan,
  mode: Mode = 'compat',
): BatchRequest[] {
  if (mode === 'compat' && String(questionId).includes('*')) {
    const message = `question id ${JSON.stringify(questionId)} has a "*", which separates the parts of a batch id; rename the question or use strict mode`;
    throw new DuetError('invalid_request', message);
  }
  return plan.calls.map(({ question, gold, prediction, goldIndices, replyIndices }) => ({
    customId: batchId(questionId, { goldIndices, replyIndices }, mode),
    question,
    gold,
    prediction,
  }));
}

type CallPlace = Pick<MatrixCall, 'goldIndices' | 'replyIndices'>;

/** The id of a request: three parts between `*`, the question id escaped in `strict`. */
export function batchId(
  questionId: QuestionId,
  { goldIndices, replyIndices }: CallPlace,
  mode: Mode = 'compat',
): string {
  const id = String(questionId);
  const first = mode === 'compat' ? id : id.replaceAll('%', '%25').replaceAll('*', '%2A');
  return `${first}*${goldIndices.join(',')}*${replyIndices.join(',')}`;
}

/** Ratings of a plan's calls out of the replies of a batch, by request id; null where a request has no reply. */
export function batchRatings<Reply>(
  questionId: QuestionId,
  plan: MatrixPlan,
  replies: ReadonlyMap<string, Reply>,
  mode: Mode = 'compat',
): (Reply | null)[] {
  return plan.calls.map((call) => replies.get(batchId(questionId, call, mode)) ?? null);
}
