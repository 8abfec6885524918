import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { toDuetError } from '../../errors.js';
import type { Manifest } from './manifest.js';
import { readManifest } from './model-folder.js';

/**
 * The model folders among `folders` and their direct children, sorted by path. A missing folder is skipped.
 */
export async function listModels(folders: readonly string[]): Promise<ListedModel[]> {
  const candidates = await Promise.all(folders.map(candidatesIn));
  const paths = [...new Set(candidates.flat())].sort();
  return Promise.all(paths.map(describeFolder));
}

/** A model folder that was found; its files were not checked. */
export type ListedModel =
  | {
      readonly type: 'model';
      readonly path: string;
      readonly name: string;
      readonly version: string;
      readonly description: string;
      readonly precision: Manifest['precision'];
      /** Total size of its files, according to its manifest. */
      readonly bytes: number;
    }
  | { readonly type: 'broken'; readonly path: string; readonly problem: string };

async function candidatesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const inside = entries.filter((entry) => !entry.isFile()).map((entry) => join(folder, entry.name));
  const paths = [folder, ...inside];
  const hold = await Promise.all(paths.map(holdsManifest));
  return paths.filter((_, index) => hold[index]);
}

async function holdsManifest(path: string): Promise<boolean> {
  return access(join(path, 'manifest.json')).then(
    () => true,
    () => false,
  );
}

async function describeFolder(path: string): Promise<ListedModel> {
  try {
    const { name, version, description, precision, files } = await readManifest(path);
    const bytes = Object.values(files).reduce((sum, file) => sum + file.bytes, 0);
    return { type: 'model', path, name, version, description, precision, bytes };
  } catch (error) {
    return { type: 'broken', path, problem: toDuetError(error).message };
  }
}
