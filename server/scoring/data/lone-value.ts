import type { DuetError } from '../../errors.js';
import { fileFault, type FilePlace } from './file-fault.js';
import { JsonFault, readFirst } from './read-json.js';

/** Fields named before the rest is only counted. */
const mostFields = 4;

/**
 * The fault of a value that begins on a line and goes on over the next ones, such as a pretty-printed object;
 * null where it is none.
 */
export function spreadFault(place: FilePlace, textFromThere: string, expected: string): DuetError | null {
  const found = first(textFromThere);
  if (found === null) return null;
  const lines = textFromThere.slice(0, found.end).trimEnd().split('\n').length;
  if (lines === 1) return null;
  return fileFault(place, `is ${describe(found.value)} over ${lines} lines; expected ${expected}`);
}

/**
 * The fault of an object that is all there is in a file, without an id among its fields: it holds what was
 * looked for; else null.
 */
export function aloneFault(place: FilePlace, text: string, expected: string): DuetError | null {
  const found = first(text);
  if (found === null || found.end < text.length || isItem(found.value)) return null;
  return fileFault(place, `is ${describe(found.value)}; expected ${expected}`);
}

function first(text: string): ReturnType<typeof readFirst> | null {
  try {
    return readFirst(text);
  } catch (thrown) {
    if (thrown instanceof JsonFault) return null;
    throw thrown;
  }
}

function isItem(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('question_id' in value || 'qid' in value);
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return `a JSON array of ${value.length}`;
  if (typeof value !== 'object' || value === null) return 'a JSON value';
  const names = Object.keys(value).map((name) => JSON.stringify(name.slice(0, 40)));
  const rest = names.length > mostFields ? ` and ${names.length - mostFields} more` : '';
  const fields =
    names.length === 0 ? 'no fields' : `the fields ${names.slice(0, mostFields).join(', ')}${rest}`;
  return `a JSON object with ${fields}`;
}
