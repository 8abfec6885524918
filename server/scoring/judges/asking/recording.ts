import { z } from 'zod';
import { carryOnWriting, findLines, type FoundLines } from '../../data/json/json-lines-file.js';
import { fileFault } from '../../data/json/file-fault.js';
import { checkValue, parseJson } from '../../data/json/parse-json.js';
import type { Mode } from '../../mode.js';
import { caseKey, noCall, type Judge, type JudgeCase, type JudgeReply, type Rubric } from '../judge.js';
import { isUsable } from '../rating/read-rating.js';
import type { RatedCase } from './remembered-replies.js';

/** Replies being written to a file that `recorded:` can replay. */
export interface ReplyRecording {
  /** Replies already in the file, by case. */
  readonly known: KnownReplies;
  /** Adds a reply, unless the file already has one with a rating. The last reply to a case counts. */
  add(rated: RatedCase): void;
  close(): void;
}

/** Replies by case. */
type KnownReplies = ReadonlyMap<string, JudgeReply>;

/** Whose replies a recording holds. */
type RecordedBy = Pick<Judge, 'id' | 'promptHash'>;

/**
 * Opens a recording, one JSON object per line, written as replies arrive. An existing file is continued.
 * Throws, naming the line, if the file is not a recording or holds another judge's replies, and leaves it
 * unchanged.
 */
export function openRecording(
  file: string,
  judge: RecordedBy,
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
 * A judge that is asked only about cases whose replies are not known. In `strict`, replies without a rating
 * are asked for again; `compat` accepts any reply.
 */
export function withKnownReplies(judge: Judge, known: KnownReplies, mode: Mode): Judge {
  const estimate = judge.estimate?.bind(judge);
  const find = (judgeCase: JudgeCase, rubric: Rubric): JudgeReply | null => {
    const reply = known.get(caseKey(judgeCase)) ?? null;
    if (reply === null || typeof reply === 'object' || mode === 'compat') return reply;
    return isUsable(reply, rubric) ? reply : null;
  };
  return {
    ...judge,
    rate: (judgeCase, rubric) => {
      const reply = find(judgeCase, rubric);
      return reply === null ? judge.rate(judgeCase, rubric) : Promise.resolve(reply);
    },
    ...(estimate === undefined
      ? {}
      : {
          estimate: (judgeCase, rubric) =>
            find(judgeCase, rubric) === null ? estimate(judgeCase, rubric) : Promise.resolve(noCall),
        }),
  };
}

const expected = 'expected the reply of the judge: a text or a number';

/** One recorded call of a judge; `not_judged` replaces the reply and says why there is none. */
export const recordedCallSchema = z
  .object({
    question: z.string(),
    gold: z.string(),
    pred: z.string(),
    reply: z.union([z.string(), z.number()], { error: expected }).optional(),
    not_judged: z.string().optional(),
  })
  .refine((call) => call.reply !== undefined || call.not_judged !== undefined, {
    path: ['reply'],
    error: expected,
  });

/** The judge's reply in a recorded call. */
export function replyOfCall({ reply, not_judged }: z.output<typeof recordedCallSchema>): JudgeReply {
  return reply ?? { type: 'not_judged', reason: not_judged ?? '' };
}

/** A line may name its judge; recordings made by other tools do not. */
const lineSchema = recordedCallSchema.safeExtend({
  judge: z.string().optional(),
  prompt_hash: z.string().nullish(),
});

function readCalls(
  file: string,
  { lines }: FoundLines,
  { id, promptHash }: RecordedBy,
): [key: string, reply: JudgeReply][] {
  if (lines[0]?.text.startsWith('[') === true) {
    throw fileFault(
      { file, line: 1 },
      'is a JSON array, to which no lines can be added; choose another file',
    );
  }
  return lines.map(({ number, text }) => {
    const source = { file, firstLine: number, text };
    const call = checkValue(lineSchema, parseJson(source), source);
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

function holdsRating(reply: JudgeReply, rubric: Rubric): boolean {
  return typeof reply !== 'object' && isUsable(reply, rubric);
}

function isSame(one: JudgeReply, other: JudgeReply): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
