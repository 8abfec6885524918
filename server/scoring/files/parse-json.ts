import type { z } from 'zod';
import { fieldName, fileFault } from './file-fault.js';
import { lineOfOffset, offsetOfPath, offsetOfSyntaxFault } from './json-position.js';

/** JSON text taken from a file; `firstLine` is the line on which it begins there. */
export interface JsonSource {
  readonly file: string;
  readonly firstLine: number;
  readonly text: string;
}

/** Parses JSON; a fault is an error that names file and line. */
export function parseJson(source: JsonSource): unknown {
  try {
    return JSON.parse(source.text);
  } catch (cause) {
    const offset = offsetOfSyntaxFault(source.text);
    const line = source.firstLine + lineOfOffset(source.text, offset) - 1;
    throw fileFault({ file: source.file, line }, describeSyntaxFault(source.text, offset), cause);
  }
}

/** Checks a value against a schema; a fault is an error that names file, line and field. `path` leads to the value. */
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

/** A union reports only that nothing fitted; the branch that came furthest says what is wrong. */
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

function describeSyntaxFault(text: string, offset: number): string {
  const rest = text.slice(offset).trimEnd();
  if (isUnfinished(rest)) return 'the JSON ends too early; was the file cut off while it was written?';
  const found = rest.slice(0, 12);
  const remedy = /^-?(NaN|Infinity)/.test(found)
    ? ' (JSON has no NaN or Infinity; write null or leave it out)'
    : '';
  return `is not JSON: unexpected ${JSON.stringify(found)}${remedy}`;
}

/** Whether the text from a fault on could go on to be a value: nothing, an open string, the beginning of a word. */
function isUnfinished(rest: string): boolean {
  if (rest.startsWith('"')) return !/[^\\]"/.test(rest);
  return rest === '-' || ['true', 'false', 'null'].some((word) => word.startsWith(rest));
}
