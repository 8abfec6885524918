import { z } from 'zod';
import type { Mode } from '../mode.js';
import type { JudgeIdentity } from './judge.js';

/** Schema of the judge recorded in a judged file. */
export const judgedBySchema = z.object({
  id: z.string(),
  comparable: z.boolean(),
  caveat: z.string().optional(),
  prompt_hash: z.string().nullable(),
  mode: z.enum(['compat', 'strict']),
  swap: z.enum(['off', 'mean']),
});

/** Which judge rated a line, and how; lines that differ in this must not be mixed. */
export type JudgedBy = z.output<typeof judgedBySchema>;

/** Describes a judge for the lines of a judged file. */
export function judgedBy(
  { id, comparable, caveat, promptHash }: JudgeIdentity,
  mode: Mode,
  swap: 'off' | 'report' | 'mean',
): JudgedBy {
  const warning = caveat === undefined ? {} : { caveat };
  return {
    id,
    comparable,
    ...warning,
    prompt_hash: promptHash,
    mode,
    swap: swap === 'mean' ? 'mean' : 'off',
  };
}

/** Whether two lines may be in one file. The caveat is ignored: earlier versions did not write it. */
export function isSameJudge(one: JudgedBy | undefined, other: JudgedBy): boolean {
  const compared = (by: JudgedBy) => JSON.stringify([by.id, by.comparable, by.prompt_hash, by.mode, by.swap]);
  return one !== undefined && compared(one) === compared(other);
}
