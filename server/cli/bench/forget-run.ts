import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** What a benchmark leaves in its folder; nothing else in there is ours to delete. */
const ours =
  /^(journal\.jsonl|predictions\.jsonl(\.unfinished)?|report\.(json|html)|development|threshold--?[0-9.e-]+)$/;

/** Deletes what earlier runs left in a folder. */
export async function forgetRun(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((each) => ours.test(each))) {
    await rm(join(folder, name), { recursive: true });
  }
}
