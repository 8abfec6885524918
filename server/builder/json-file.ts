import { access, readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { DuetError } from '../errors.js';

/** Reads and validates a JSON file. Throws `DuetError` 'not_found' or 'invalid_request' naming the file and the field. */
export async function readJson<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new DuetError('not_found', `Cannot read ${path}.`, { cause });
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new DuetError('invalid_request', `${path} is not JSON.`, { cause });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  throw new DuetError('invalid_request', `${path}: field "${field}": ${issue?.message ?? 'invalid'}.`, {
    cause: parsed.error,
  });
}

/** Whether something is there. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
