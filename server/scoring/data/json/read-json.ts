/** A place in JSON text. */
interface Cursor {
  readonly text: string;
  index: number;
}

const space = /[ \t\r\n]*/y;
const scalar =
  /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|-?Infinity|NaN|true|false|null/y;
const wholeNumber = /^-?\d+$/;
const words: Readonly<Record<string, unknown>> = {
  ...{ true: true, false: false, null: null },
  ...{ NaN: NaN, Infinity: Infinity, '-Infinity': -Infinity },
};

/** Text that is not JSON. */
export class JsonFault extends Error {
  /** Character offset of the first fault; the length of the text if it is only cut off. */
  readonly offset: number;

  constructor(offset: number, cause: unknown) {
    super(`not JSON at offset ${offset}`, { cause });
    this.offset = offset;
  }
}

/**
 * A whole number beyond 2^53 under a name ending in "id" keeps all its digits, as a bigint: such numbers
 * identify things and are never calculated with. Everything else is rounded to a double.
 */
const isId = (name: string | number): boolean => typeof name === 'string' && /id$/i.test(name);

/** Whether text may hold an id that `JSON.parse` would round. */
export function hasLongId(text: string): boolean {
  return /id"\s*:\s*-?\d{16}/i.test(text);
}

/** Reads JSON as Python's `json.loads` does, including NaN and infinities. Throws {@link JsonFault}. */
export function readJson(text: string): unknown {
  const { value, end } = readFirst(text);
  if (end < text.length) throw new JsonFault(end, 'text after the end');
  return value;
}

/** The first JSON value of a text, and the offset where the rest begins. Throws {@link JsonFault}. */
export function readFirst(text: string): { readonly value: unknown; readonly end: number } {
  const cursor: Cursor = { text, index: 0 };
  try {
    const value = readValue(cursor, '');
    peek(cursor);
    return { value, end: cursor.index };
  } catch (cause) {
    throw new JsonFault(cursor.index, cause);
  }
}

/** Character offset of the value at `path`, or of its deepest existing ancestor. */
export function offsetOfPath(text: string, path: readonly PropertyKey[]): number {
  const cursor: Cursor = { text, index: 0 };
  peek(cursor);
  let offset = cursor.index;
  for (const step of path) {
    if (!enterMember(cursor, step)) return offset;
    offset = cursor.index;
  }
  return offset;
}

/** Line number, from 1, of a character offset. */
export function lineOfOffset(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

function take(cursor: Cursor, pattern: RegExp): string {
  pattern.lastIndex = cursor.index;
  const found = pattern.exec(cursor.text);
  if (found === null) throw new SyntaxError('unexpected text');
  cursor.index += found[0].length;
  return found[0];
}

function peek(cursor: Cursor): string {
  take(cursor, space);
  return cursor.text[cursor.index] ?? '';
}

function takeMark(cursor: Cursor, marks: string): string {
  const mark = peek(cursor);
  if (mark === '' || !marks.includes(mark)) throw new SyntaxError('unexpected text');
  cursor.index += 1;
  return mark;
}

function readValue(cursor: Cursor, name: string | number): unknown {
  const first = peek(cursor);
  if (first === '[') return Array.from(members(cursor, ']'), (key) => readValue(cursor, key));
  if (first === '{') {
    return Object.fromEntries(
      (function* () {
        for (const key of members(cursor, '}')) yield [key, readValue(cursor, key)] as const;
      })(),
    );
  }
  const text = take(cursor, scalar);
  if (Object.hasOwn(words, text)) return words[text];
  const value: unknown = JSON.parse(text);
  return isId(name) && wholeNumber.test(text) && !Number.isSafeInteger(value) ? BigInt(text) : value;
}

/** The keys of the list or object at the cursor; each value must be read before the next key is asked for. */
function* members(cursor: Cursor, close: ']' | '}'): Generator<string | number, void> {
  cursor.index += 1;
  if (peek(cursor) === close) {
    cursor.index += 1;
    return;
  }
  for (let position = 0; ; position += 1) {
    yield close === '}' ? takeKey(cursor) : position;
    if (takeMark(cursor, `,${close}`) === close) return;
  }
}

function takeKey(cursor: Cursor): string {
  if (peek(cursor) !== '"') throw new SyntaxError('unexpected text');
  const key = String(JSON.parse(take(cursor, scalar)));
  takeMark(cursor, ':');
  peek(cursor);
  return key;
}

/** Moves the cursor from the start of a value to the start of one of its members; false if there is none. */
function enterMember(cursor: Cursor, step: PropertyKey): boolean {
  const first = peek(cursor);
  if (first !== '[' && first !== '{') return false;
  try {
    for (const key of members(cursor, first === '[' ? ']' : '}')) {
      peek(cursor);
      if (key === step) return true;
      readValue(cursor, key);
    }
  } catch {
    return false;
  }
  return false;
}
