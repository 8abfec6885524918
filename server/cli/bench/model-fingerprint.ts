import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A short text that differs between models: its manifest holds the hashes of all other files. */
export async function modelFingerprint(folder: string): Promise<string> {
  const manifest = await readFile(join(folder, 'manifest.json'));
  return createHash('sha256').update(manifest).digest('hex').slice(0, 16);
}
