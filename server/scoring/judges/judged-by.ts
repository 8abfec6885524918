import { z } from 'zod';
import type { Mode } from '../mode.js';
import type { JudgeIdentity } from './judge.js';

/** Schema of who judged, as a judged file says it. */
export const judgedBySchema = z.object({
  id: z.string(),
  comparable: z.boolean(),
  caveat: z.string().optional(),
  prompt_hash: z.string().nullable(),
  mode: z.enum(['compat', 'strict']),
  swap: z.enum(['off', 'mean']),
});

/** Who judged a line, and how replies were read; lines that differ in it are not to be mixed. */
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

/** Whether lines may stand in one file; those of earlier versions tell no caveat. */
export function isSameJudge(one: JudgedBy | undefined, other: JudgedBy): boolean {
  const told = (by: JudgedBy) => JSON.stringify([by.id, by.comparable, by.prompt_hash, by.mode, by.swap]);
  return one !== undefined && told(one) === told(other);
}
