import { z } from 'zod';
import type { Mode } from '../mode.js';
import type { JudgeIdentity } from './judge.js';

/** Schema of who judged, as a judged file says it. */
export const judgedBySchema = z.object({
  id: z.string(),
  comparable: z.boolean(),
  prompt_hash: z.string().nullable(),
  mode: z.enum(['compat', 'strict']),
  swap: z.enum(['off', 'mean']),
});

/** Who judged a line, and how replies were read; lines that differ in it are not to be mixed. */
export type JudgedBy = z.output<typeof judgedBySchema>;

/** Describes a judge for the lines of a judged file. */
export function judgedBy(
  { id, comparable, promptHash }: JudgeIdentity,
  mode: Mode,
  swap: 'off' | 'report' | 'mean',
): JudgedBy {
  return { id, comparable, prompt_hash: promptHash, mode, swap: swap === 'mean' ? 'mean' : 'off' };
}
