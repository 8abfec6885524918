import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DuetError } from './errors.js';

/** Folder of the installed package, with the bundled models, the samples and the built page. */
export const packageFolder = findPackageFolder(import.meta.dirname);

function findPackageFolder(start: string): string {
  if (existsSync(join(start, 'package.json'))) return start;
  const parent = dirname(start);
  if (parent === start) throw new DuetError('internal', 'Duet is installed without its package.json');
  return findPackageFolder(parent);
}
