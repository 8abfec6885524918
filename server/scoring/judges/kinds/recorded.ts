import { DuetError } from '../../../errors.js';
import { fileFault, onOneLine } from '../../data/json/file-fault.js';
import { readRecords } from '../../data/json/read-records.js';
import { recordedCallSchema, replyOfCall } from '../asking/recording.js';
import { caseKey, describeCase, type Judge, type JudgeReply } from '../judge.js';
import { isUsable } from '../rating/read-rating.js';

/**
 * A judge that replays the replies in a file: a JSON array of `{question, gold, pred, reply}`. Cases are
 * matched by their three texts. A case that was not recorded is an error that names it. So are two different
 * replies to one case if the earlier one holds a rating; a reply without a rating is replaced by a later one.
 */
export async function readRecordedJudge(file: string): Promise<Judge> {
  const records = await readRecords(file, { schema: recordedCallSchema, shape });
  const replies = new Map<string, JudgeReply>();
  for (const [position, call] of records.items.entries()) {
    const key = caseKey({ question: call.question, gold: call.gold, prediction: call.pred });
    const earlier = replies.get(key);
    const reply = replyOfCall(call);
    if (earlier !== undefined && holdsRating(earlier) && earlier !== reply) {
      const place = { file, line: records.lineOf(position), field: `[${position}].reply` };
      throw fileFault(
        place,
        `the same case was recorded before with another reply (${JSON.stringify(earlier)})`,
      );
    }
    replies.set(key, reply);
  }
  return {
    id: `recorded:${file}`,
    comparable: true,
    promptHash: null,
    rate(judgeCase) {
      const reply = replies.get(caseKey(judgeCase));
      if (reply !== undefined) return Promise.resolve(reply);
      const message = `${file}: no recorded reply for ${describeCase(judgeCase)}`;
      return Promise.reject(new DuetError('invalid_request', onOneLine(message)));
    },
  };
}

/** The shape of an item, for error messages. */
const shape = '{question, gold, pred, reply}';

/** By either rubric: a recording does not say which was used. */
function holdsRating(reply: JudgeReply): boolean {
  return typeof reply !== 'object' && (isUsable(reply, 'agreement') || isUsable(reply, 'coverage'));
}
