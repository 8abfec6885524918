import { access } from 'node:fs/promises';
import type { z } from 'zod';
import { DuetError } from '../errors.js';
import { maxJsonBytes, readJsonFile } from '../read-json-file.js';

/**
 * Reads and validates a JSON file of at most `most` bytes. Throws `DuetError` 'not_found' or
 * 'invalid_request' naming the file and the field.
 */
export async function readCheckedJson<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  most = maxJsonBytes,
): Promise<z.output<Schema>> {
  const json = await readJsonFile(path, most).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = (issue?.path.join('.') ?? '').slice(0, 200);
  const message = (issue?.message ?? 'invalid').slice(0, 500);
  throw new DuetError('invalid_request', `${path}: field "${field}": ${message}.`, { cause: parsed.error });
}

function unreadable(path: string, cause: unknown): DuetError {
  if (cause instanceof SyntaxError)
    return new DuetError('invalid_request', `${path} is not JSON.`, { cause });
  if (cause instanceof Error && 'code' in cause)
    return new DuetError('not_found', `Cannot read ${path}.`, { cause });
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DuetError('invalid_request', `${path} cannot be read: ${reason}.`, { cause });
}

/** Whether a file or folder exists at this path. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
