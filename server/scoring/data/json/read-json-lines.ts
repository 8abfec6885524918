import type { DuetError } from '../../../errors.js';
import { fileFault, type FilePlace } from './file-fault.js';
import { parseJson, type JsonSource } from './parse-json.js';
import { JsonFault, readFirst } from './read-json.js';
import { readLines } from './read-lines.js';

/** A JSON value on a line of its own. */
interface JsonLine {
  readonly source: JsonSource;
  readonly value: unknown;
}

/** How many characters of a value spread over several lines are read. */
const mostCharacters = 1 << 24;

/**
 * The JSON values of a file, one a line. Throws, naming file and line, for a line that is not JSON; if the
 * value continues on the next lines, the error says so and what is `expected`.
 */
export async function* readJsonLines(file: string, expected: string): AsyncGenerator<JsonLine> {
  for await (const { number, text } of readLines(file)) {
    const source = { file, firstLine: number, text };
    let value: unknown;
    try {
      value = parseJson(source);
    } catch (fault) {
      throw (await multilineFrom(source, expected)) ?? fault;
    }
    if (Array.isArray(value)) throw listFault({ file, line: number }, value.length, expected);
    yield { source, value };
  }
}

function listFault(place: FilePlace, length: number, expected: string): DuetError {
  return fileFault(place, `Invalid input: expected object, received array of ${length}; write ${expected}`);
}

async function multilineFrom({ file, firstLine }: JsonSource, expected: string): Promise<DuetError | null> {
  let text = '';
  for await (const line of readLines(file)) {
    if (line.number >= firstLine) text += `${line.text}\n`;
    if (text.length > mostCharacters) break;
  }
  return multilineFault({ file, line: firstLine }, text, expected);
}

/** How many fields are named; the rest are only counted. */
const mostFields = 4;

/**
 * The error for a value that continues on the following lines, such as a pretty-printed object; null if the
 * text does not begin with such a value.
 */
export function multilineFault(place: FilePlace, textFromThere: string, expected: string): DuetError | null {
  const found = first(textFromThere);
  if (found === null) return null;
  const lines = textFromThere.slice(0, found.end).trimEnd().split('\n').length;
  if (lines === 1) return null;
  return fileFault(place, `is ${describe(found.value)} over ${lines} lines; expected ${expected}`);
}

/**
 * The error for a file that is a single object without an id, which probably contains the expected items;
 * null for any other text.
 */
export function singleObjectFault(place: FilePlace, text: string, expected: string): DuetError | null {
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
