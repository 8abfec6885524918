import type { z } from 'zod';
import { fieldName, fileFault } from './file-fault.js';
import { describeFault } from './describe-text.js';
import { hasLongId, JsonFault, lineOfOffset, offsetOfPath, readJson } from './read-json.js';

/** JSON text taken from a file; `firstLine` is the line on which it begins there. */
export interface JsonSource {
  readonly file: string;
  readonly firstLine: number;
  readonly text: string;
}

/** Parses JSON as {@link readJson} does; a fault is an error that names file and line. */
export function parseJson(source: JsonSource): unknown {
  try {
    return parseText(source.text);
  } catch (cause) {
    if (!(cause instanceof JsonFault)) throw cause;
    const line = source.firstLine + lineOfOffset(source.text, cause.offset) - 1;
    throw fileFault({ file: source.file, line }, describeFault(source.text, cause.offset), cause);
  }
}

/** `JSON.parse` is many times faster, but rounds long ids, refuses NaN, and does not say where a fault is. */
function parseText(text: string): unknown {
  if (hasLongId(text)) return readJson(text);
  try {
    return JSON.parse(text);
  } catch {
    return readJson(text);
  }
}

/**
 * Checks a value against a schema; a fault is an error that names file, line and field. `path` leads to the
 * value.
 */
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
