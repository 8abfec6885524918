import { DuetError } from '../../../errors.js';
import { roundTo } from '../../statistics/round.js';
import type { Question } from '../../data/question.js';

/** How a question is watched: all of its video, or as much as the most frames allow. */
export interface WatchedQuestion {
  readonly question: Question;
  /** Seconds that are watched. */
  readonly seconds: number;
}

/**
 * Seconds between replies at uniform times, so that there are as many in all as gold answers that begin while somebody watches; never less than
 * the time of a frame. Rounded to milliseconds. Throws 'invalid_request' where there is nothing to take a rate of.
 */
export function uniformInterval(watched: readonly WatchedQuestion[], fps: number): number {
  let answers = 0;
  let seconds = 0;
  for (const { question, seconds: own } of watched) {
    seconds += own;
    answers += question.gold.filter(({ span }) => span[0] <= own).length;
  }
  if (answers > 0 && seconds > 0) return Math.max(roundTo(seconds / answers, 3), 1 / fps);
  throw new DuetError(
    'invalid_request',
    `--baseline uniform takes its rate from ${answers} gold answers in ${seconds} s of video; name the seconds between replies instead, as in uniform:5`,
  );
}
