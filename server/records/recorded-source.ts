import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Remembers what a session watches, so that it can be opened again after the server was lost. It may hold an
 * address with a password, which no event does: the file is the user's alone, and gone with the source.
 */
export async function writeRecordedSource(folder: string, source: object | null): Promise<void> {
  const path = join(folder, fileName);
  if (source === null) {
    await rm(path, { force: true });
    return;
  }
  await writeFile(`${path}.new`, JSON.stringify(source), { mode: 0o600 });
  await rename(`${path}.new`, path);
}

/** What the session watched when it stopped, unchecked; null if nothing can be opened again. */
export async function readRecordedSource(folder: string): Promise<unknown> {
  const text = await readFile(join(folder, fileName), 'utf8').catch(() => 'null');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

const fileName = 'source.json';
