import { DuetError } from '../../errors.js';
import type { QuestionId } from '../files/question-id.js';
import type { JudgeCase } from '../judges/judge.js';
import type { MatrixCall, MatrixPlan } from './score-matrix.js';

/** One judge call of the batch route. The id is `question*gold rows*reply columns`, rows and columns joined by commas. */
export interface BatchRequest extends JudgeCase {
  readonly customId: string;
}

/** The requests of one example. Throws for a question id with `*` in it, which could not be read back. */
export function batchRequests(questionId: QuestionId, plan: MatrixPlan): BatchRequest[] {
  if (String(questionId).includes('*')) {
    const message = `question id ${JSON.stringify(questionId)} has a "*", which separates the parts of a batch id; rename the question`;
    throw new DuetError('invalid_request', message);
  }
  return plan.calls.map(({ question, gold, prediction, goldIndices, replyIndices }) => ({
    customId: batchId(questionId, { goldIndices, replyIndices }),
    question,
    gold,
    prediction,
  }));
}

type CallPlace = Pick<MatrixCall, 'goldIndices' | 'replyIndices'>;

function batchId(questionId: QuestionId, { goldIndices, replyIndices }: CallPlace): string {
  return `${questionId}*${goldIndices.join(',')}*${replyIndices.join(',')}`;
}

/** Ratings of a plan's calls out of the replies of a batch, by request id; null where a request has no reply. */
export function batchRatings<Reply>(
  questionId: QuestionId,
  plan: MatrixPlan,
  replies: ReadonlyMap<string, Reply>,
): (Reply | null)[] {
  return plan.calls.map((call) => replies.get(batchId(questionId, call)) ?? null);
}
