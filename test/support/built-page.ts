import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { packageFolder } from '../../server/package-folder.js';

/** A new folder with the page built from the sources as they are; whoever asks removes it. */
export async function buildPage(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'duet-built-page-'));
  const configFile = join(packageFolder, 'client', 'vite.config.ts');
  await build({ configFile, logLevel: 'warn', build: { outDir: folder } });
  return folder;
}
