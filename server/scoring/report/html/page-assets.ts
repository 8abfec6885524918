import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageFolder } from '../../../config.js';
import { DuetError } from '../../../errors.js';

/** Script and style that go into every page. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

/** Where the build puts them; found from the sources and from the built server alike. */
const builtFolder = join(packageFolder, 'dist', 'report');

/** Reads the built script and style of the page. */
export async function readPageAssets(folder = builtFolder): Promise<PageAssets> {
  const [script, style] = await Promise.all([
    readAsset(folder, 'report.js'),
    readAsset(folder, 'report.css'),
  ]);
  return { script, style };
}

async function readAsset(folder: string, name: string): Promise<string> {
  const file = join(folder, name);
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new DuetError('internal', `${file} of the report page cannot be read; run: npm run build`, {
      cause,
    });
  }
}
