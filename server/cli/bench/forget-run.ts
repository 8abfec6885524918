import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Files a benchmark leaves in its folder; nothing else in there is ours to delete. */
const files = /^(journal\.jsonl|predictions\.jsonl(\.unfinished)?|report\.(json|html))$/;
/** Folders in which it leaves the same files; they may be a stranger's too, and stay where they hold more. */
const folders = /^(development|threshold-[-+0-9.e]+)$/;

/** Deletes what earlier runs left in a folder. */
export async function forgetRun(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isFile() && files.test(entry.name)) await rm(path);
    else if (entry.isDirectory() && folders.test(entry.name)) await forgetRun(path);
  }
}
