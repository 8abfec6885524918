import { z } from 'zod';
import { fileFault } from '../files/file-fault.js';
import { checkValue, parseJson } from '../files/parse-json.js';
import { caseKey } from './case-key.js';
import type { Judge } from './judge.js';
import { carryOnWriting, findLines, type FoundLines } from './line-file.js';
import { recordedCallSchema } from './recorded.js';
import type { RatedCase } from './remember-replies.js';

/** Replies on their way into a file that `recorded:` replays. */
export interface ReplyRecording {
  /** Replies that were in the file before, by case. */
  readonly known: ReadonlyMap<string, string | number>;
  /** Adds a reply, unless the case is in the file. */
  add(rated: RatedCase): void;
  close(): void;
}

/** Whose replies a recording holds. */
export type RecordedJudge = Pick<Judge, 'id' | 'promptHash'>;

/**
 * Opens a recording, one JSON object a line, written as replies come. A file that is there is carried on with. Throws,
 * naming the line, for a file that is no recording or holds another judge's replies, and leaves it as it is.
 */
export function openRecording(file: string, judge: RecordedJudge): ReplyRecording {
  const found = findLines(file, '{"question":');
  const replies = new Map<string, string | number>(readCalls(file, found, judge));
  const lines = carryOnWriting(file, found);
  return {
    known: new Map(replies),
    add: ({ judgeCase, reply }) => {
      const key = caseKey(judgeCase);
      if (replies.has(key)) return;
      replies.set(key, reply);
      const { question, gold, prediction: pred } = judgeCase;
      const by = { judge: judge.id, prompt_hash: judge.promptHash };
      lines.writeLine(JSON.stringify({ question, gold, pred, reply, ...by }));
    },
    close: () => {
      lines.close();
    },
  };
}

/** A judge that is not asked about cases whose replies are known. */
export function withKnownReplies(judge: Judge, known: ReadonlyMap<string, string | number>): Judge {
  const foresee = judge.foresee?.bind(judge);
  const free = { calls: 0, inputTokens: 0, outputTokens: 0 };
  return {
    ...judge,
    rate: (judgeCase, rubric, signal) => {
      const reply = known.get(caseKey(judgeCase));
      return reply === undefined ? judge.rate(judgeCase, rubric, signal) : Promise.resolve(reply);
    },
    ...(foresee === undefined
      ? {}
      : {
          foresee: (judgeCase, rubric) =>
            known.has(caseKey(judgeCase)) ? Promise.resolve(free) : foresee(judgeCase, rubric),
        }),
  };
}

/** What a line may say of its judge; recordings of others say nothing. */
const callSchema = recordedCallSchema.extend({
  judge: z.string().optional(),
  prompt_hash: z.string().nullish(),
});

function readCalls(
  file: string,
  { lines }: FoundLines,
  { id, promptHash }: RecordedJudge,
): [key: string, reply: string | number][] {
  if (lines[0]?.text.startsWith('[') === true) {
    throw fileFault({ file, line: 1 }, 'is a JSON array, which cannot be written on; choose another file');
  }
  return lines.map(({ number, text }) => {
    const source = { file, firstLine: number, text };
    const { question, gold, pred, reply, ...by } = checkValue(callSchema, parseJson(source), source);
    if (by.judge !== undefined && (by.judge !== id || (by.prompt_hash ?? null) !== promptHash)) {
      const message = `was judged by ${by.judge} (prompt ${by.prompt_hash}), not by ${id} (prompt ${promptHash}); choose another file`;
      throw fileFault({ file, line: number, field: 'judge' }, message);
    }
    return [caseKey({ question, gold, prediction: pred }), reply];
  });
}
