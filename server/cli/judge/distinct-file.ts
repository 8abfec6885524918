import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { DuetError } from '../../errors.js';

/** Throws if a file to write is also named by another flag: it would be emptied, or written twice at once. */
export function requireDistinctFile(
  [flag, file]: readonly [flag: string, file: string],
  others: Readonly<Record<string, string | undefined>>,
): void {
  const path = placeOf(file);
  for (const [name, other] of Object.entries(others)) {
    if (other === undefined || placeOf(other) !== path) continue;
    throw new DuetError(
      'invalid_request',
      `${file}: is named by ${name} too; choose another file for ${flag}`,
    );
  }
}

function placeOf(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    // It does not exist yet.
    return resolve(file);
  }
}
