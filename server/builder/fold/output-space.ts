import { readdir, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { DuetError } from '../../errors.js';

/** Throws 'invalid_request' unless the folder is empty or does not exist, so that nothing of it is lost. */
export async function requireEmptyFolder(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  if (names.length === 0) return;
  throw new DuetError(
    'invalid_request',
    `${resolve(folder)} holds ${names.length} files or folders already; name a folder that does not exist yet`,
  );
}

/**
 * Throws 'storage_full' unless the disk of a folder that is to be made has room for `bytes` and a little
 * more.
 */
export async function requireSpace(folder: string, bytes: number): Promise<void> {
  const needed = bytes + spare;
  const { bavail, bsize } = await statfs(await nearestFolder(resolve(folder)));
  if (bavail * bsize >= needed) return;
  throw new DuetError(
    'storage_full',
    `The folder ${folder} needs ${gigabytes(needed)}, but its disk has ${gigabytes(bavail * bsize)} left; ` +
      'free some, or name a folder on another disk',
  );
}

/** Room for the tokenizer and other small files. */
const spare = 64 * 1024 * 1024;

/** The folder itself or the nearest one above it that exists. */
async function nearestFolder(path: string): Promise<string> {
  const found = await readdir(path).then(
    () => true,
    () => false,
  );
  return found || dirname(path) === path ? path : nearestFolder(dirname(path));
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
