/** A place in JSON text, found by walking it; only used to point at a fault. */
interface Cursor {
  readonly text: string;
  index: number;
}

const space = /[ \t\r\n]*/y;
const scalar =
  /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

class SyntaxFault extends Error {}

function take(cursor: Cursor, pattern: RegExp): string {
  pattern.lastIndex = cursor.index;
  const found = pattern.exec(cursor.text);
  if (found === null) throw new SyntaxFault();
  cursor.index += found[0].length;
  return found[0];
}

function peek(cursor: Cursor): string {
  take(cursor, space);
  return cursor.text[cursor.index] ?? '';
}

function takeMark(cursor: Cursor, marks: string): string {
  const mark = peek(cursor);
  if (mark === '' || !marks.includes(mark)) throw new SyntaxFault();
  cursor.index += 1;
  return mark;
}

/** Walks over one value, calling `onMember` with the cursor at the start of each direct member's value. */
function walkValue(cursor: Cursor, onMember: (key: string | number) => boolean): void {
  const first = peek(cursor);
  if (first !== '{' && first !== '[') {
    take(cursor, scalar);
    return;
  }
  const close = first === '{' ? '}' : ']';
  cursor.index += 1;
  if (peek(cursor) === close) {
    cursor.index += 1;
    return;
  }
  for (let position = 0; ; position += 1) {
    let key: string | number = position;
    if (first === '{') {
      if (peek(cursor) !== '"') throw new SyntaxFault();
      key = String(JSON.parse(take(cursor, scalar)));
      takeMark(cursor, ':');
    }
    peek(cursor);
    if (onMember(key)) return;
    walkValue(cursor, () => false);
    if (takeMark(cursor, `,${close}`) === close) return;
  }
}

/** Character offset at which the value at `path` begins; of its deepest existing ancestor where the path ends early. */
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

/** Moves the cursor from the start of a value to the start of a member of it; false where there is none. */
function enterMember(cursor: Cursor, step: PropertyKey): boolean {
  const state = { found: false };
  try {
    walkValue(cursor, (key) => {
      state.found = key === step;
      return state.found;
    });
  } catch {
    return false;
  }
  return state.found;
}

/** Character offset of the first fault of text that is not JSON; the end of the text where it is only cut off. */
export function offsetOfSyntaxFault(text: string): number {
  const cursor: Cursor = { text, index: 0 };
  try {
    walkValue(cursor, () => false);
    peek(cursor);
  } catch {
    return cursor.index;
  }
  return cursor.index;
}

/** Line number, from 1, of a character offset. */
export function lineOfOffset(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}
