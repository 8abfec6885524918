import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DuetError } from '../../errors.js';
import { whileLocked } from './folder-lock.js';
import { baselineName } from './play/baselines.js';
import type { BenchmarkPlan } from './plan.js';

/**
 * Where a run's files go unless the plan says so: `duet-bench/<name>`, with what was changed about the
 * model's work, so that such runs do not get into each other's way. A run that was begun under an older name
 * of the benchmark goes on where it is.
 */
export function outputFolder({ benchmark, folder, baseline, frames }: BenchmarkPlan): string {
  if (folder !== undefined) return folder;
  const { name, aliases } = benchmark;
  const changes = [
    baseline && baselineName(baseline).replace(':', '-'),
    frames === 'video' ? undefined : frames,
  ];
  const folders = [name, ...aliases].map((each) =>
    join('duet-bench', [each, ...changes].filter((part) => part !== undefined).join('-')),
  );
  const [own = ''] = folders;
  return folders.find((each) => existsSync(each)) ?? own;
}

/**
 * Does a run's work in its folder, which it keeps other processes out of; `restart` deletes what earlier runs
 * left there. Throws 'cancelled', saying how to go on, where the work was interrupted.
 */
export async function inOutputFolder<Result>(
  folder: string,
  restart: boolean,
  signal: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await whileLocked(folder, async () => {
      if (restart) await deleteRun(folder);
      return work();
    });
  } catch (thrown) {
    if (!signal.aborted) throw outputFault(folder, thrown);
    const message = `interrupted; the same command goes on where it stopped (${folder})`;
    throw new DuetError('cancelled', message, { cause: thrown });
  }
}

/** Files a benchmark leaves in its folder; nothing else in there is ours to delete. */
const files = /^(journal\.jsonl|predictions\.jsonl(\.unfinished)?|report\.(json|html))$/;
/** Folders in which it leaves the same files; they may be a stranger's too, and stay where they hold more. */
const folders = /^(development|threshold-[-+0-9.e]+)$/;

/** Deletes what earlier runs left in a folder. */
export async function deleteRun(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isFile() && files.test(entry.name)) await rm(path);
    else if (entry.isDirectory() && folders.test(entry.name)) await deleteRun(path);
  }
}

/** What the system says of a folder or disk that takes no files, and what it means. */
const meanings: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'read-only',
  EEXIST: 'a file stands in its place',
  ENOTDIR: 'a file stands in its place',
  EISDIR: 'a folder stands in the place of a file',
  ENOENT: 'no such place',
  ENOSPC: 'no space left',
  EDQUOT: 'no space left',
  EFBIG: 'too large a file',
  EIO: 'the disk fails',
};

/**
 * Names the output folder where the system refused to write there; anything else passes unchanged.
 */
export function outputFault(folder: string, thrown: unknown): unknown {
  if (thrown instanceof DuetError || !(thrown instanceof Error) || !('code' in thrown)) return thrown;
  const code = String(thrown.code);
  if (!Object.hasOwn(meanings, code)) return thrown;
  const why = `${meanings[code]} (${code})`;
  const message = `the output folder ${JSON.stringify(folder)} cannot be written: ${why}`;
  const remedy = 'fix that, or choose another with --output; what was played is kept';
  return new DuetError('invalid_request', `${message}; ${remedy}`, { cause: thrown });
}
