import { DuetError } from '../../../errors.js';
import type { Mode } from '../../mode.js';
import { mean } from '../../statistics/mean.js';
import { swapped, type Judge } from '../judge.js';
import { ratingOf } from './rating-checks.js';

/**
 * A judge that rates every case twice, the second time with gold answer and prediction swapped, and replies
 * with the mean. If only one reply has a rating, that is the rating; if neither has, the first reply is
 * returned. The coverage rubric is refused, since it is not symmetric.
 */
export function averageOfBothOrders(judge: Judge, other: Judge, mode: Mode): Judge {
  return {
    ...judge,
    async rate(judgeCase, rubric) {
      if (rubric === 'coverage') throw oneWay();
      const [reply, otherReply] = await Promise.all([
        judge.rate(judgeCase, rubric),
        other.rate(swapped(judgeCase), rubric),
      ]);
      const ratings = [reply, otherReply]
        .map((each) => ratingOf({ judgeCase, rubric, reply: each }, mode))
        .filter((rating) => rating !== null);
      return ratings.length === 0 ? reply : mean(ratings);
    },
  };
}

function oneWay(): DuetError {
  const message =
    '--judge-swap mean cannot be used where coverage is rated: how much of the gold answer was said is ' +
    'another question with the two exchanged; use --judge-swap report';
  return new DuetError('invalid_request', message);
}
