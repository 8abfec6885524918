import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { packageFolder } from '../../../server/package-folder.js';
import { readPageAssets, type PageAssets } from '../../../server/scoring/report/html/page-shell.js';

/** Script and style of the page, built from the sources as they are. */
export async function builtAssets(): Promise<PageAssets> {
  const outDir = await mkdtemp(join(tmpdir(), 'duet-built-report-'));
  try {
    const configFile = join(packageFolder, 'client/vite.config.ts');
    await build({ configFile, mode: 'report', logLevel: 'warn', build: { outDir } });
    return await readPageAssets(outDir);
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
}
