import { lstat, mkdir, readdir, rm } from 'node:fs/promises';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeTemporaryFolder } from '../make-folder.js';
import { answerAsOwner, callOwner, ownerSocketPath, removeOwnerSocket } from '../owner-socket.js';

/**
 * A temporary folder that belongs to this process while it lives, which a socket in it proves. It counts as
 * abandoned after a day where there can be no socket, as in a folder with too long a name.
 */
export class UploadFolder implements AsyncDisposable {
  /** Where the uploads go; it holds nothing else. */
  readonly path: string;
  readonly #folder: string;
  readonly #owner: Server | null;

  private constructor(folder: string, path: string, owner: Server | null) {
    this.#folder = folder;
    this.path = path;
    this.#owner = owner;
  }

  static async create(): Promise<UploadFolder> {
    const folder = await makeTemporaryFolder(prefix);
    const path = join(folder, 'files');
    await mkdir(path);
    return new UploadFolder(folder, path, await answerAsOwner(ownerSocketPath(folder, 'owner')));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#owner?.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

const prefix = 'duet-uploads-';

/**
 * Without a socket a folder may be one that is just being created, but not when it is this old. (A dead
 * Windows pipe leaves nothing behind.)
 */
const abandonedAfterMs = process.platform === 'win32' ? 60_000 : 86_400_000;

/**
 * Deletes the folders that killed processes of this user left behind and returns how many. Folders in use,
 * and those of other users, stay.
 */
export async function sweepUploadFolders(): Promise<number> {
  const entries = await readdir(tmpdir()).catch(() => []);
  const paths = entries.filter((name) => name.startsWith(prefix)).map((name) => join(tmpdir(), name));
  const swept = await Promise.all(
    paths.map(async (path) => {
      if (!(await isAbandoned(path))) return false;
      await removeOwnerSocket(ownerSocketPath(path, 'owner'));
      await rm(path, { recursive: true, force: true });
      return true;
    }),
  );
  return swept.filter(Boolean).length;
}

async function isAbandoned(path: string): Promise<boolean> {
  try {
    const { uid, mtimeMs } = await lstat(path);
    if (process.getuid !== undefined && uid !== process.getuid()) return false;
    const answer = await callOwner(ownerSocketPath(path, 'owner'));
    if (answer === 'ENOENT') return Date.now() - mtimeMs > abandonedAfterMs;
    return answer === 'ECONNREFUSED';
  } catch {
    return false;
  }
}
