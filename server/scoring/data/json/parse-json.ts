import type { z } from 'zod';
import { fieldName, fileFault } from './file-fault.js';
import { hasLongId, JsonFault, lineOfOffset, offsetOfPath, readJson } from './read-json.js';

/** JSON text taken from a file; `firstLine` is the line on which it begins there. */
export interface JsonSource {
  readonly file: string;
  readonly firstLine: number;
  readonly text: string;
}

/** Parses JSON as {@link readJson} does; errors name file and line. */
export function parseJson(source: JsonSource): unknown {
  try {
    return parseText(source.text);
  } catch (cause) {
    if (!(cause instanceof JsonFault)) throw cause;
    const line = source.firstLine + lineOfOffset(source.text, cause.offset) - 1;
    throw fileFault({ file: source.file, line }, describeFault(source.text, cause.offset), cause);
  }
}

/** `JSON.parse` is many times faster, but rounds long ids, rejects NaN, and does not locate faults. */
function parseText(text: string): unknown {
  if (hasLongId(text)) return readJson(text);
  try {
    return JSON.parse(text);
  } catch {
    return readJson(text);
  }
}

/** Checks the value at `path` against a schema; errors name file, line and field. */
export function checkValue<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  source: JsonSource,
  path: readonly PropertyKey[] = [],
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = deepest(result.error.issues);
  const whole = [...path, ...issue.path];
  const line = source.firstLine + lineOfOffset(source.text, offsetOfPath(source.text, whole)) - 1;
  throw fileFault({ file: source.file, line, field: fieldName(whole) }, issue.message, result.error);
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** A union reports only that no branch fits; the branch that got furthest says what is wrong. */
function deepest(issues: readonly z.core.$ZodIssue[]): Issue {
  const [issue] = issues;
  if (issue === undefined) return { path: [], message: 'is not valid' };
  if (issue.code !== 'invalid_union') return { path: issue.path, message: issue.message };
  const branches = issue.errors.map(deepest).sort((a, b) => b.path.length - a.path.length);
  const [best] = branches;
  if (best === undefined || best.path.length === 0) {
    const own =
      issue.message === 'Invalid input'
        ? branches.map((branch) => branch.message).join(' or ')
        : issue.message;
    return { path: issue.path, message: own };
  }
  return { path: [...issue.path, ...best.path], message: best.message };
}

/** What a non-JSON text probably is, and the remedy; the first match counts. */
const looks: readonly (readonly [pattern: RegExp, description: string])[] = [
  [/^version https:\/\/git-lfs/, 'is a pointer of Git LFS, not the file itself; fetch it with: git lfs pull'],
  [
    /^<(?:!doctype|html|head|\?xml|\w+[\s>])/i,
    'is a web page or XML, not JSON; was the page saved instead of the file?',
  ],
  [/^[^\n{}[\]"]*[,;\t][^\n{}[\]]*(?:\n|$)/, 'looks like a table (CSV); expected JSON'],
];

/** Syntax of other languages that looks like JSON, and what to write instead. */
const foreign: readonly (readonly [pattern: RegExp, remedy: string])[] = [
  [/^'/, "single quotes are Python's way to print; write JSON with json.dumps"],
  [/^(?:None|True|False)\b/, "None, True and False are Python's; write JSON with json.dumps"],
  [/^(?:undefined)\b/, 'JSON has no undefined; write null or leave it out'],
  [/^(?:\/\/|\/\*|#)/, 'JSON has no comments'],
];

/** Says briefly why a text is not JSON from `offset` on. */
function describeFault(text: string, offset: number): string {
  const look = looks.find(([pattern]) => pattern.test(text.slice(0, 2000).trimStart()));
  if (look !== undefined && text.slice(0, offset).trim() === '') return look[1];
  const rest = text.slice(offset).trimEnd();
  if (isUnfinished(rest)) return 'the JSON ends too early; was the file cut off while it was written?';
  const before = text.slice(Math.max(0, offset - 200), offset).trimEnd();
  if (before.endsWith(',') && /^[\]}]/.test(rest)) {
    return `is not JSON: a comma stands before the closing ${rest.charAt(0)}; leave it out`;
  }
  const remedy = foreign.find(([pattern]) => pattern.test(rest))?.[1];
  return (
    'is not JSON: unexpected ' +
    `${JSON.stringify(rest.slice(0, 12))}${remedy === undefined ? '' : ` (${remedy})`}`
  );
}

/** Whether the rest of the text could be the start of a value: nothing, an open string, or part of a word. */
function isUnfinished(rest: string): boolean {
  if (rest.startsWith('"')) return !/[^\\]"/.test(rest);
  return rest === '-' || ['true', 'false', 'null', 'NaN', 'Infinity'].some((word) => word.startsWith(rest));
}
