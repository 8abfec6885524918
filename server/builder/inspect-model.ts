import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Manifest } from '../runtime/folder/manifest.js';
import { DuetError } from '../errors.js';
import { fingerprintFile } from './file-fingerprint.js';
import { readManifest } from '../runtime/folder/model-folder.js';
import { exists } from './json-file.js';
import { requireReadableFamily } from './checkpoint/checkpoint-family.js';

/**
 * Reads a model folder's manifest and compares every listed file with it. Throws `DuetError` without a valid
 * manifest.
 */
export async function inspectModel(folder: string, signal?: AbortSignal): Promise<ModelInspection> {
  if (!(await exists(join(folder, 'manifest.json')))) await refuseCheckpoint(folder);
  const manifest = await readManifest(folder);
  const files: InspectedFile[] = [];
  for (const [name, listed] of Object.entries(manifest.files)) {
    files.push(await inspectFile(join(folder, name), name, listed, signal));
  }
  return { manifest, files, good: files.every(({ state }) => state === 'good') };
}

/** One file of a model folder, compared with its manifest. */
interface InspectedFile {
  readonly name: string;
  /** Size on disk; 0 when the file is missing. */
  readonly bytes: number;
  readonly state: 'good' | 'missing' | 'wrong size' | 'wrong hash';
}

/** What is known about a model folder. */
interface ModelInspection {
  readonly manifest: Manifest;
  readonly files: readonly InspectedFile[];
  /** Whether every listed file is present and unchanged. */
  readonly good: boolean;
}

/** Explains when the folder holds a checkpoint instead of a model. */
async function refuseCheckpoint(folder: string): Promise<void> {
  await requireReadableFamily(folder);
  if (!(await exists(join(folder, 'config.json')))) return;
  throw new DuetError(
    'invalid_request',
    `${folder} is a checkpoint, not a model yet: make one of it with duet model build ${folder} -o MODEL`,
  );
}

async function inspectFile(
  path: string,
  name: string,
  listed: { readonly bytes: number; readonly sha256: string },
  signal: AbortSignal | undefined,
): Promise<InspectedFile> {
  const found = await stat(path).catch(() => undefined);
  if (!found) return { name, bytes: 0, state: 'missing' };
  if (found.size !== listed.bytes) return { name, bytes: found.size, state: 'wrong size' };
  const { sha256 } = await fingerprintFile(path, signal);
  return { name, bytes: found.size, state: sha256 === listed.sha256 ? 'good' : 'wrong hash' };
}
