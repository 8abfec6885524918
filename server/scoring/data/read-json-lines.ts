import type { DuetError } from '../../errors.js';
import { fileFault, type FilePlace } from './file-fault.js';
import { spreadFault } from './lone-value.js';
import { parseJson, type JsonSource } from './parse-json.js';
import { readLines } from './read-lines.js';

/** A JSON value that stands on a line of its own. */
export interface JsonLine {
  readonly source: JsonSource;
  readonly value: unknown;
}

/** How far a value that is spread over lines is followed, in characters. */
const mostCharacters = 1 << 24;

/**
 * The JSON values of a file, one a line. Throws, naming file and line, for a line that is no JSON; where the
 * value goes on over the next lines the fault says so, and what is `expected`.
 */
export async function* readJsonLines(file: string, expected: string): AsyncGenerator<JsonLine> {
  for await (const { number, text } of readLines(file)) {
    const source = { file, firstLine: number, text };
    let value: unknown;
    try {
      value = parseJson(source);
    } catch (fault) {
      throw (await spreadFrom(source, expected)) ?? fault;
    }
    if (Array.isArray(value)) throw listFault({ file, line: number }, value.length, expected);
    yield { source, value };
  }
}

function listFault(place: FilePlace, length: number, expected: string): DuetError {
  return fileFault(place, `Invalid input: expected object, received array of ${length}; write ${expected}`);
}

async function spreadFrom({ file, firstLine }: JsonSource, expected: string): Promise<DuetError | null> {
  let text = '';
  for await (const line of readLines(file)) {
    if (line.number >= firstLine) text += `${line.text}\n`;
    if (text.length > mostCharacters) break;
  }
  return spreadFault({ file, line: firstLine }, text, expected);
}
