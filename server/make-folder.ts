import { mkdir, mkdtemp, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * Creates a folder and its parents, with the given permissions; an existing one is left as it is. Node's own
 * recursive `mkdir` never returns on a file system that allows no folders, such as /proc. Throws the system's
 * error for the folder that cannot be created.
 */
export async function makeFolder(path: string, mode = 0o777): Promise<void> {
  try {
    await makeOne(path, mode);
  } catch (thrown) {
    const parent = dirname(path);
    if (codeOf(thrown) !== 'ENOENT' || parent === path) throw thrown;
    await makeFolder(parent, mode);
    await makeOne(path, mode);
  }
}

/**
 * Creates a folder of its own for what need not last, its name beginning with `prefix`, and returns its path.
 * The system's folder for such is created as well where `TMPDIR` names one that is not there.
 */
export async function makeTemporaryFolder(prefix: string): Promise<string> {
  await makeFolder(tmpdir());
  return mkdtemp(join(tmpdir(), prefix));
}

async function makeOne(path: string, mode: number): Promise<void> {
  try {
    await mkdir(path, mode);
  } catch (thrown) {
    if (!(await isFolder(path))) throw thrown;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function codeOf(thrown: unknown): unknown {
  return thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
}
