import { DuetError } from '../../../errors.js';

/**
 * Where in a file something is wrong: the line counts from 1, the field is a path such as
 * `answer[0].time[1]`.
 */
export interface FilePlace {
  readonly file: string;
  readonly line: number;
  readonly field?: string;
}

/** A path of keys as text: `answer[0].time[1]`. */
export function fieldName(path: readonly PropertyKey[]): string {
  const parts = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`));
  return parts.join('').replace(/^\./, '');
}

/** A {@link DuetError} (`invalid_request`) that names file, line number and field, always on one line. */
export function fileFault(place: FilePlace, problem: string, cause?: unknown): DuetError {
  const field = place.field === undefined || place.field === '' ? '' : ` field ${place.field}:`;
  const message = `${place.file}:${place.line}:${field} ${problem}`;
  return new DuetError('invalid_request', onOneLine(message), { cause });
}

/** Replaces line breaks and control characters by spaces, and cuts very long messages. */
export function onOneLine(message: string): string {
  const folded = message.replace(/[\s\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
  return folded.length > 600 ? `${folded.slice(0, 600)}...` : folded;
}
