import { z } from 'zod';
import { fileFault } from '../../data/file-fault.js';
import { checkValue, parseJson } from '../../data/parse-json.js';
import { caseKey } from '../case-key.js';
import type { Mode } from '../../mode.js';
import type { Judge, JudgeCase, JudgeReply, Rubric } from '../judge.js';
import { isUsable } from '../rating/read-rating.js';
import { carryOnWriting, findLines, type FoundLines } from '../../data/json-lines-file.js';
import { recordedCallSchema, replyOfCall } from '../kinds/recorded.js';
import type { RatedCase } from './remember-replies.js';

/** Replies on their way into a file that `recorded:` replays. */
export interface ReplyRecording {
  /** Replies that were in the file before, by case. */
  readonly known: KnownReplies;
  /** Adds a reply, unless the file has one that holds a rating. The last reply to a case counts. */
  add(rated: RatedCase): void;
  close(): void;
}

/** Replies by case. */
export type KnownReplies = ReadonlyMap<string, JudgeReply>;

/** Whose replies a recording holds. */
export type RecordedJudge = Pick<Judge, 'id' | 'promptHash'>;

/**
 * Opens a recording, one JSON object a line, written as replies come. A file that is there is carried on
 * with. Throws, naming the line, for a file that is no recording or holds another judge's replies, and leaves
 * it as it is.
 */
export function openRecording(
  file: string,
  judge: RecordedJudge,
  refusals: 'ask_again' | 'keep' = 'ask_again',
): ReplyRecording {
  const found = findLines(file, '{"question":');
  const replies = new Map<string, JudgeReply>(readCalls(file, found, judge));
  const lines = carryOnWriting(file, found);
  return {
    known: new Map([...replies].filter(([, reply]) => refusals === 'keep' || typeof reply !== 'object')),
    add: ({ judgeCase, rubric, reply }) => {
      const key = caseKey(judgeCase);
      const earlier = replies.get(key);
      if (earlier !== undefined && (holdsRating(earlier, rubric) || isSame(earlier, reply))) return;
      replies.set(key, reply);
      const { question, gold, prediction: pred } = judgeCase;
      const replied = typeof reply === 'object' ? { not_judged: reply.reason } : { reply };
      const by = { judge: judge.id, prompt_hash: judge.promptHash };
      lines.writeLine(JSON.stringify({ question, gold, pred, ...replied, ...by }));
    },
    close: () => {
      lines.close();
    },
  };
}

/**
 * A judge that is not asked about cases whose replies are known. In `strict` replies without a rating are
 * asked for again; `compat` takes replies as they came.
 */
export function withKnownReplies(judge: Judge, known: KnownReplies, mode: Mode): Judge {
  const foresee = judge.foresee?.bind(judge);
  const find = (judgeCase: JudgeCase, rubric: Rubric): JudgeReply | null => {
    const reply = known.get(caseKey(judgeCase)) ?? null;
    if (reply === null || typeof reply === 'object' || mode === 'compat') return reply;
    return isUsable(reply, rubric) ? reply : null;
  };
  const free = { calls: 0, inputTokens: 0, outputTokens: 0 };
  return {
    ...judge,
    rate: (judgeCase, rubric, signal) => {
      const reply = find(judgeCase, rubric);
      return reply === null ? judge.rate(judgeCase, rubric, signal) : Promise.resolve(reply);
    },
    ...(foresee === undefined
      ? {}
      : {
          foresee: (judgeCase, rubric) =>
            find(judgeCase, rubric) !== null ? Promise.resolve(free) : foresee(judgeCase, rubric),
        }),
  };
}

function holdsRating(reply: JudgeReply, rubric: Rubric): boolean {
  return typeof reply !== 'object' && isUsable(reply, rubric);
}

function isSame(one: JudgeReply, other: JudgeReply): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** What a line may say of its judge; recordings of others say nothing. */
const callSchema = recordedCallSchema.safeExtend({
  judge: z.string().optional(),
  prompt_hash: z.string().nullish(),
});

function readCalls(
  file: string,
  { lines }: FoundLines,
  { id, promptHash }: RecordedJudge,
): [key: string, reply: JudgeReply][] {
  if (lines[0]?.text.startsWith('[') === true) {
    throw fileFault({ file, line: 1 }, 'is a JSON array, which cannot be written on; choose another file');
  }
  return lines.map(({ number, text }) => {
    const source = { file, firstLine: number, text };
    const call = checkValue(callSchema, parseJson(source), source);
    const { question, gold, pred, ...by } = call;
    if (by.judge !== undefined && (by.judge !== id || (by.prompt_hash ?? null) !== promptHash)) {
      const message =
        `was judged by ${by.judge} (prompt ${by.prompt_hash}), not by ${id} ` +
        `(prompt ${promptHash}); choose another file`;
      throw fileFault({ file, line: number, field: 'judge' }, message);
    }
    return [caseKey({ question, gold, prediction: pred }), replyOfCall(call)];
  });
}
