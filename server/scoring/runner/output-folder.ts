import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DuetError } from '../../errors.js';
import { whileLocked } from './folder-lock.js';
import { baselineName } from './play/baselines.js';
import type { BenchmarkPlan } from './plan.js';

/**
 * Where a run's files go unless the plan names a folder: `duet-bench/<name>`, plus the baseline and frames if
 * they are not the default, so that such runs do not collide. A run begun under an older name of the
 * benchmark continues in its old folder.
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
 * Does a run's work in its folder while keeping other processes out; `restart` first deletes the files of
 * earlier runs. If interrupted, throws 'cancelled' with a message that says how to continue.
 */
export async function inOutputFolder<Result>(
  folder: string,
  restart: boolean,
  signal: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result> {
  let isBegun = false;
  try {
    return await whileLocked(folder, async () => {
      isBegun = true;
      if (restart) await deleteRun(folder);
      return work();
    });
  } catch (thrown) {
    if (!signal.aborted) throw outputFault(folder, thrown, isBegun);
    const message = `interrupted; the same command goes on where it stopped (${folder})`;
    throw new DuetError('cancelled', message, { cause: thrown });
  }
}

/** Files a benchmark writes to its folder; nothing else there may be deleted. */
const files = /^(journal\.jsonl|predictions\.jsonl(\.unfinished)?|report\.(json|html))$/;
/** Subfolders with the same files; they are not removed, since they may hold other files too. */
const folders = /^(development|threshold-[-+0-9.e]+)$/;

/** Deletes the files of earlier runs from a folder. */
export async function deleteRun(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isFile() && files.test(entry.name)) await rm(path);
    else if (entry.isDirectory() && folders.test(entry.name)) await deleteRun(path);
  }
}

/** Error codes for a folder or disk that cannot be written, and what they mean. */
const meanings: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'read-only',
  EEXIST: 'a file is in its place',
  ENOTDIR: 'a file is in its place',
  EISDIR: 'a folder is in the place of a file',
  ENOENT: 'no such path',
  ENOSPC: 'no space left',
  EDQUOT: 'no space left',
  EFBIG: 'too large a file',
  EIO: 'the disk fails',
};

/**
 * An error that names the output folder if the system refused to write there, and if the work there had begun
 * says what is left of it; any other error is returned unchanged.
 */
export function outputFault(folder: string, thrown: unknown, isBegun: boolean): unknown {
  if (thrown instanceof DuetError || !(thrown instanceof Error) || !('code' in thrown)) return thrown;
  const code = String(thrown.code);
  if (!Object.hasOwn(meanings, code)) return thrown;
  const why = `${meanings[code]} (${code})`;
  const message = `the output folder ${JSON.stringify(folder)} cannot be written: ${why}`;
  const kept = isBegun ? '; what was finished before is kept' : '';
  const remedy = `fix that, or choose another with --output${kept}`;
  return new DuetError('invalid_request', `${message}; ${remedy}`, { cause: thrown });
}
