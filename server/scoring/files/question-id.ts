import { z } from 'zod';
import type { Mode } from '../mode.js';

/** The id under which a question is annotated and predicted. */
export type QuestionId = string | number;

/** Schema of a question id. */
export const questionIdSchema = z.union([z.string().min(1), z.number()], {
  error: 'expected a question id: a string that is not empty, or a number',
});

/**
 * Key for looking an id up. `strict` compares ids as text, so that 7 in one file is "7" in the other; `compat` keeps
 * the two apart as the published scripts do.
 */
export function questionKey(id: QuestionId, mode: Mode): string {
  return mode === 'strict' || typeof id === 'string' ? String(id) : `number ${id}`;
}
