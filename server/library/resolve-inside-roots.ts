import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';

import { DuetError } from '../errors.js';

/**
 * The real path of a file that a client names, if it is inside one of the allowed folders.
 *
 * - A relative path is tried in each root in turn; an absolute one must lead into one.
 * - Links are followed before the check, so neither `..` nor a link leads out.
 * - A file outside and a missing file give the same error, which reveals nothing about files outside.
 *
 * @throws DuetError 'not_found'
 */
export async function resolveInsideRoots(path: string, roots: readonly string[]): Promise<string> {
  if (path !== '' && !path.includes('\0')) {
    for (const root of roots) {
      const inside = await insideRoot(path, root);
      if (inside !== undefined) return inside;
    }
  }
  throw new DuetError(
    'not_found',
    `there is no file ${JSON.stringify(path)} in the folders that this server may read`,
  );
}

async function insideRoot(path: string, root: string): Promise<string | undefined> {
  try {
    const trueRoot = await realpath(root);
    const truePath = await realpath(resolve(root, path));
    const way = relative(trueRoot, truePath);
    const leadsOut = way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way);
    return leadsOut ? undefined : truePath;
  } catch {
    // Missing or inaccessible: the same to the client.
    return undefined;
  }
}
