import type { Mode } from '../../mode.js';
import { batchRequests, type BatchRequest } from './batch-requests.js';
import { deliveredReplies, type JudgedExample } from './judge-example.js';
import { planMatrix } from './score-matrix.js';

/** The batch requests of an example: those of its score matrix, and those that only the time of delivery needs. */
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
