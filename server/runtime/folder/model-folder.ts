import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DuetError } from '../../errors.js';
import { readJsonFile } from '../../read-json-file.js';
import { checkFile } from './file-check.js';
import type { Verification } from './file-check.js';
import { modelLimits } from './limits.js';
import { manifestSchema, modelFileNames } from './manifest.js';
import type { Manifest } from './manifest.js';

/**
 * Reads a model folder and checks its files against the manifest. Throws 'model_failed' for a missing,
 * altered or unreadable file or manifest, naming the file, what was expected, what was found and the remedy;
 * 'cancelled' when `signal` aborts.
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

/** A model folder that has been read and checked. */
interface ModelFolder {
  readonly path: string;
  readonly manifest: Manifest;
  /** Total size of its files. */
  readonly bytes: number;
}

/**
 * Reads and validates a model folder's `manifest.json`; throws 'model_failed' saying what is wrong with it.
 */
export async function readManifest(path: string): Promise<Manifest> {
  const file = join(path, 'manifest.json');
  const json = await readJson(file);
  const parsed = manifestSchema.safeParse(json);
  if (!parsed.success) {
    throw new DuetError(
      'model_failed',
      `${file} is not a model manifest of format 1: ${firstFaults(parsed.error)}`,
    );
  }
  requireFileNames(parsed.data, file);
  requirePossibleSizes(parsed.data, file);
  return parsed.data;
}

/** A short text that differs between model folders: the manifest holds the hashes of all other files. */
export async function folderFingerprint(path: string): Promise<string> {
  const manifest = await readFile(join(path, 'manifest.json'));
  return createHash('sha256').update(manifest).digest('hex').slice(0, 16);
}

/**
 * The first few faults, cut short: an untrusted manifest may have thousands, or a megabyte of text in one.
 */
function firstFaults({ issues }: z.ZodError): string {
  const text = z.prettifyError({ issues: issues.slice(0, 3) });
  const more = issues.length > 3 ? ` (and ${issues.length - 3} more)` : '';
  return `${text.slice(0, 500)}${text.length > 500 ? '…' : ''}${more}`;
}

/** Throws 'model_failed', naming `file`, for numbers that are valid on their own but impossible together. */
export function requirePossibleSizes({ decoder, tokens, tokensPerFrame }: Manifest, file: string): void {
  const { layers, queryHeads, keyValueHeads, headSize, maxContext, vocabularySize } = decoder;
  const perToken = layers * keyValueHeads * headSize * 2;
  const outside = [tokens.start, tokens.end, ...tokens.endsReply].find((id) => id >= vocabularySize);
  const most = modelLimits.cachePerToken;
  const faults: readonly (readonly [boolean, string])[] = [
    [perToken > most, `its cache takes ${perToken} numbers for each token; at most ${most} are possible`],
    [
      queryHeads % keyValueHeads !== 0,
      `queryHeads ${queryHeads} is no multiple of keyValueHeads ${keyValueHeads}`,
    ],
    [
      maxContext < 4 * tokensPerFrame,
      `maxContext ${maxContext} is too short for frames of ${tokensPerFrame} tokens`,
    ],
    [outside !== undefined, `token ${String(outside)} lies outside of a vocabulary of ${vocabularySize}`],
  ];
  const fault = faults.find(([wrong]) => wrong)?.[1];
  if (fault !== undefined)
    throw new DuetError('model_failed', `${file}: ${fault}; build or download the model again`);
}

async function readJson(file: string): Promise<unknown> {
  try {
    return await readJsonFile(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DuetError(
      'model_failed',
      `${file} could not be read as JSON (${reason}); a model folder is what 'duet model build' makes`,
      { cause: error },
    );
  }
}

function towerFiles(tower: Manifest['tower']): readonly string[] {
  if (tower === undefined) return [];
  return ['tokens.onnx', ...(tower.grounded ? ['sentences.json'] : [])];
}

function requireFileNames(manifest: Manifest, file: string): void {
  const needed = [...modelFileNames, ...towerFiles(manifest.tower)];
  const missing = needed.filter((name) => manifest.files[name] === undefined);
  if (missing.length > 0) {
    throw new DuetError('model_failed', `${file} does not list ${missing.join(', ')}; build the model again`);
  }
  const names = Object.keys(manifest.files);
  if (names.length > modelLimits.files) {
    throw new DuetError(
      'model_failed',
      `${file} lists ${names.length} files; a model has at most ${modelLimits.files}`,
    );
  }
  // A manifest is untrusted: it must not make us read files outside its folder.
  const outside = names.find((name) => !/^[\w][\w.-]{0,199}$/.test(name));
  if (outside !== undefined) {
    throw new DuetError(
      'model_failed',
      `${file} lists "${outside.slice(0, 200)}", which is not a plain file name; build the model again`,
    );
  }
}
