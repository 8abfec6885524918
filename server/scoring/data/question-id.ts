import { z } from 'zod';
import type { Mode } from '../mode.js';

/**
 * The id under which a question is annotated and predicted; a bigint if a double cannot hold all its digits.
 */
export type QuestionId = string | number | bigint;

/** Schema of a question id. */
export const questionIdSchema = z.union([z.string().min(1), z.number(), z.bigint()], {
  error: 'expected a question id: a string that is not empty, or a finite number',
});

/**
 * The key under which to look up an id. `strict` compares ids as text, so that 7 in one file is "7" in the
 * other; `compat` keeps the two apart as the published scripts do.
 */
export function questionKey(id: QuestionId, mode: Mode): string {
  return mode === 'strict' || typeof id === 'string' ? idText(id) : `number ${idText(id)}`;
}

/** An id as text; whole numbers keep all their digits. */
export function idText(id: QuestionId): string {
  return Number.isInteger(id) ? String(BigInt(id)) : String(id);
}

/** An id as JSON, as Python writes it: whole numbers keep all their digits. */
export function idJson(id: QuestionId): string {
  return typeof id === 'bigint' ? String(id) : JSON.stringify(id);
}

/** Fields of a line: the id, and any others. */
interface LineFields {
  readonly question_id: QuestionId;
  readonly model_response_list?: unknown;
  readonly evaluator_output?: unknown;
  readonly video_duration?: unknown;
  readonly debug_data?: unknown;
}

/** A line of JSON that begins with the question id, with all its digits. */
export function jsonLine({ question_id: id, ...others }: LineFields): string {
  const rest = JSON.stringify(others).slice(1);
  return `{"question_id":${idJson(id)}${rest === '}' ? '' : ','}${rest}`;
}

/** JSON for comparing, hashing and sending; long ids become text. */
export function jsonOf(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) =>
    typeof member === 'bigint' ? String(member) : member,
  );
}
