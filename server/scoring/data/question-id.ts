import { z } from 'zod';
import type { Mode } from '../mode.js';

/**
 * The id under which a question is annotated and predicted; a bigint where a double would not hold all its
 * digits.
 */
export type QuestionId = string | number | bigint;

/** Schema of a question id. */
export const questionIdSchema = z.union([z.string().min(1), z.number(), z.bigint()], {
  error: 'expected a question id: a string that is not empty, or a finite number',
});

/**
 * Key for looking an id up. `strict` compares ids as text, so that 7 in one file is "7" in the other;
 * `compat` keeps the two apart as the published scripts do.
 */
export function questionKey(id: QuestionId, mode: Mode): string {
  return mode === 'strict' || typeof id === 'string' ? idText(id) : `number ${idText(id)}`;
}

/** An id as text, whole numbers with all their digits. */
export function idText(id: QuestionId): string {
  return Number.isInteger(id) ? String(BigInt(id)) : String(id);
}

/** An id as JSON, as Python writes it: whole numbers with all their digits. */
export function idJson(id: QuestionId): string {
  return typeof id === 'bigint' ? String(id) : JSON.stringify(id);
}

/** Fields of a line; any others may stand beside the id. */
interface LineFields {
  readonly question_id: QuestionId;
  readonly model_response_list?: unknown;
  readonly evaluator_output?: unknown;
  readonly video_duration?: unknown;
  readonly debug_data?: unknown;
}

/** A line of JSON that begins with its question's id, whose digits are all kept. */
export function jsonLine({ question_id: id, ...others }: LineFields): string {
  const rest = JSON.stringify(others).slice(1);
  return `{"question_id":${idJson(id)}${rest === '}' ? '' : ','}${rest}`;
}

/** JSON for comparing, hashing and sending, where a long id may be text. */
export function jsonOf(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) =>
    typeof member === 'bigint' ? String(member) : member,
  );
}
