import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'vite';
import { z } from 'zod';
import { packageFolder } from '../../server/package-folder.js';
import { clientDeclarations } from './client-declarations.js';

const configFile = join(packageFolder, 'client', 'vite.config.ts');
const sources = join(packageFolder, 'client', 'sdk');

/**
 * Builds `client/sdk` as a package of its own, `duet-client`, into an empty folder: modules, declarations
 * that need nothing else, manifest, README and licence.
 */
export async function buildPackage(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await build({ configFile, mode: 'sdk', logLevel: 'warn', build: { outDir: folder } });
  for (const [path, text] of await clientDeclarations()) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  for (const file of ['package.json', 'README.md', 'react.d.ts'])
    await copyFile(join(sources, file), join(folder, file));
  await copyFile(join(packageFolder, 'LICENSE'), join(folder, 'LICENSE'));
}

const packed = z.tuple([z.object({ filename: z.string(), size: z.number(), unpackedSize: z.number() })]);

/**
 * Packs a built package with npm into `folder`; resolves with the path of the tarball and its sizes in bytes.
 */
export async function packPackage(
  built: string,
  folder: string,
): Promise<{ path: string; size: number; unpackedSize: number }> {
  // A dry run of npm around the build must not become one of this command.
  const args = ['pack', built, '--pack-destination', folder, '--json', '--ignore-scripts', '--dry-run=false'];
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const { stdout } = await promisify(execFile)(npm, args, { shell: process.platform === 'win32' });
  const [{ filename, ...sizes }] = packed.parse(JSON.parse(stdout));
  return { path: join(folder, filename), ...sizes };
}

/**
 * Puts the client beside the page of the server: its modules, and the package to install, `duet-client.tgz`.
 */
export async function serveWithPage(built: string, pageFolder: string): Promise<void> {
  const { exports } = manifest.parse(JSON.parse(await readFile(join(built, 'package.json'), 'utf8')));
  for (const entry of Object.values(exports)) {
    if (typeof entry === 'object' && entry.default !== undefined)
      await copyFile(join(built, entry.default), join(pageFolder, entry.default));
  }
  const { path } = await packPackage(built, dirname(built));
  await copyFile(path, join(pageFolder, 'duet-client.tgz'));
  await rm(path);
}

const manifest = z.object({
  exports: z.record(z.string(), z.union([z.string(), z.object({ default: z.string().optional() })])),
});
