import { DuetError } from '../../errors.js';
import { onOneLine } from '../files/file-fault.js';
import type { Mode } from '../mode.js';
import { describeCase } from './case-key.js';
import { countCalls } from './counted-judge.js';
import type { Judge, JudgeCase } from './judge.js';
import { readReply } from './read-reply.js';

/** Asks a judge and reads its replies by the rule of the mode, counting as it goes. */
export interface Rater {
  /** A rating; 1 for a reply that cannot be read, which is counted. */
  readonly rate: (judgeCase: JudgeCase) => Promise<number>;
  readonly calls: () => number;
  readonly unparsable: () => number;
}

/** `compat` reads the last character of a reply, `strict` the last stand-alone digit and nothing outside 1..5. */
export function createRater(judge: Judge, mode: Mode): Rater {
  const counted = countCalls(judge);
  let unparsable = 0;
  return {
    calls: counted.calls,
    unparsable: () => unparsable,
    rate: async (judgeCase) => {
      const rating = readOrExplain(await counted.rate(judgeCase, 'agreement'), mode, judgeCase);
      if (rating === null) unparsable += 1;
      return rating ?? 1;
    },
  };
}

function readOrExplain(reply: string | number, mode: Mode, judgeCase: JudgeCase): number | null {
  try {
    const rating = readReply(reply, mode === 'compat' ? 'last_character' : 'stand_alone');
    return mode === 'strict' && rating !== null && (rating < 1 || rating > 5) ? null : rating;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DuetError('invalid_request', onOneLine(`${reason}: ${describeCase(judgeCase)}`), { cause });
  }
}
