import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Writes a model file into a folder of its own, in the test file's temporary folder; returns its path. */
export async function writeModelFile(content: unknown): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'model-')), 'model.json');
  await writeFile(path, JSON.stringify(content));
  return path;
}
