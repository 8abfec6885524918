import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DuetError } from '../errors.js';
import { checkFile } from './file-check.js';
import type { Verification } from './file-check.js';
import { manifestSchema, modelFileNames } from './manifest.js';
import type { Manifest } from './manifest.js';

/** A model folder whose manifest was read and whose files were checked. */
export interface ModelFolder {
  readonly path: string;
  readonly manifest: Manifest;
  /** Size of all its files. */
  readonly bytes: number;
}

/**
 * Reads a model folder and checks its files against the manifest. Throws 'model_failed' for a missing, altered or unreadable file or
 * manifest, naming the file, what was expected, what was found and the remedy; 'cancelled' when `signal` aborts.
 */
export async function readModelFolder(
  path: string,
  verification: Verification = 'hashes',
  signal?: AbortSignal,
): Promise<ModelFolder> {
  const manifest = await readManifest(path);
  const files = Object.entries(manifest.files);
  for (const [name, expected] of files) {
    await checkFile(join(path, name), expected, verification, signal);
  }
  return { path, manifest, bytes: files.reduce((sum, [, file]) => sum + file.bytes, 0) };
}

/** Reads and validates `manifest.json` of a model folder; throws 'model_failed' saying what is wrong with it. */
export async function readManifest(path: string): Promise<Manifest> {
  const file = join(path, 'manifest.json');
  const json = await readJson(file);
  const parsed = manifestSchema.safeParse(json);
  if (!parsed.success) {
    throw new DuetError(
      'model_failed',
      `${file} is not a model manifest of format 1: ${z.prettifyError(parsed.error)}`,
    );
  }
  requireFileNames(parsed.data, file);
  return parsed.data;
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as unknown;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DuetError(
      'model_failed',
      `${file} could not be read as JSON (${reason}); a model folder is what 'duet model build' makes`,
      { cause: error },
    );
  }
}

function requireFileNames(manifest: Manifest, file: string): void {
  const missing = modelFileNames.filter((name) => manifest.files[name] === undefined);
  if (missing.length > 0) {
    throw new DuetError('model_failed', `${file} does not list ${missing.join(', ')}; build the model again`);
  }
  // A manifest comes from elsewhere: it must not make us read files outside its folder.
  const outside = Object.keys(manifest.files).find((name) => !/^[\w][\w.-]*$/.test(name));
  if (outside !== undefined) {
    throw new DuetError(
      'model_failed',
      `${file} lists "${outside}", which is not a plain file name; build the model again`,
    );
  }
}
