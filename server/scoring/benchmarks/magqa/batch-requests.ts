import { DuetError } from '../../../errors.js';
import type { QuestionId } from '../../data/question-id.js';
import { batchId, type BatchRequest } from '../../judges/batch-request.js';
import type { Mode } from '../../mode.js';
import { deliveredReplies, type JudgedExample } from './judge-example.js';
import { planMatrix, type MatrixPlan } from './score-matrix.js';

/**
 * The batch requests of an example: those of its score matrix, and those that only the time of delivery
 * needs.
 */
export function requestsOfExample({ matched, replies }: JudgedExample, mode: Mode): BatchRequest[] {
  const { annotation, prediction } = matched;
  const delivered = deliveredReplies(matched, replies, mode);
  const plans = [replies, ...(delivered === null ? [] : [delivered])].map((timed) =>
    planMatrix(annotation.question, annotation.answer, timed),
  );
  const requests = plans.flatMap((plan) => batchRequests(prediction.questionId, plan, mode));
  // Equal ids stand for equal cases: groups of texts do not depend on time.
  return [...new Map(requests.map((request) => [request.customId, request])).values()];
}

/**
 * The requests of one score matrix. In `compat` it throws for a question id with `*` in it, which the
 * published scripts cannot read back.
 */
export function batchRequests(
  questionId: QuestionId,
  plan: MatrixPlan,
  mode: Mode = 'compat',
): BatchRequest[] {
  if (mode === 'compat' && String(questionId).includes('*')) {
    const message =
      `question id ${JSON.stringify(questionId)} has a "*", which separates the parts of a batch id; ` +
      'rename the question or use strict mode';
    throw new DuetError('invalid_request', message);
  }
  return plan.calls.map(({ question, gold, prediction, ...place }) => ({
    customId: batchId(questionId, place, mode),
    question,
    gold,
    prediction,
  }));
}

/**
 * Ratings of a plan's calls out of the replies of a batch, by request id; null where a request has no reply.
 */
export function batchRatings<Reply>(
  questionId: QuestionId,
  plan: MatrixPlan,
  replies: ReadonlyMap<string, Reply>,
  mode: Mode = 'compat',
): (Reply | null)[] {
  return plan.calls.map((call) => replies.get(batchId(questionId, call, mode)) ?? null);
}
