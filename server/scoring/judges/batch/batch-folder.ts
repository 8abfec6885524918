import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { DuetError } from '../../../errors.js';
import { checkValue, parseJson } from '../../data/json/parse-json.js';

/** Reads the manifest of a batch. Throws if the folder holds no batch. */
export function readBatchManifest(folder: string): BatchManifest {
  const manifest = findBatchManifest(folder);
  if (manifest !== null) return manifest;
  const message = `${folder}: holds no batch; make one with duet judge batch create`;
  throw new DuetError('not_found', message);
}

/** Reads the manifest of a batch; null for a folder without one. */
export function findBatchManifest(folder: string): BatchManifest | null {
  const file = join(folder, 'batch.json');
  return existsSync(file) ? readChecked(file, manifestSchema) : null;
}

/** Writes the manifest of a batch atomically. */
export async function writeBatchManifest(folder: string, manifest: BatchManifest): Promise<void> {
  await writeFileAtomic(join(folder, 'batch.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

const manifestSchema = z.object({
  task: z.string(),
  mode: z.enum(['compat', 'strict']),
  judge: z.string(),
  prompt_hash: z.string(),
  max_tokens: z.number().nullable(),
  pred: z.string(),
  gold: z.string(),
  concat: z.boolean(),
  skip_unknown: z.boolean(),
  /** Hash of all requests, in order. */
  sha256: z.string(),
  files: z.array(z.object({ name: z.string(), requests: z.number(), bytes: z.number(), sha256: z.string() })),
});

/** What a batch was made from; written last, so that a folder with a manifest is complete. */
export type BatchManifest = z.output<typeof manifestSchema>;

/** Reads the progress of the request files. */
export function readState(folder: string): BatchState {
  const file = join(folder, 'state.json');
  return existsSync(file) ? readChecked(file, stateSchema) : {};
}

/** Writes the progress of the request files atomically. */
export async function writeState(folder: string, state: BatchState): Promise<void> {
  await writeFileAtomic(join(folder, 'state.json'), `${JSON.stringify(state, null, 2)}\n`);
}

const stateSchema = z.record(
  z.string(),
  z.object({
    input_file_id: z.string().nullable(),
    batch_id: z.string().nullable(),
    status: z.string().nullable(),
    output_file_id: z.string().nullable(),
    error_file_id: z.string().nullable(),
  }),
);

/** The progress of each request file, by name. */
export type BatchState = z.output<typeof stateSchema>;

/** The progress of a request file that was not submitted. */
export const notSubmitted: BatchState[string] = {
  input_file_id: null,
  batch_id: null,
  status: null,
  output_file_id: null,
  error_file_id: null,
};

/** Names of the result files of a batch; a request file submitted twice has results of both batches. */
export function resultNames(
  requests: string,
  batchId: string,
): { readonly output: string; readonly errors: string } {
  const stem = requests.replace(/\.jsonl$/, `-${batchId.replaceAll(/[^\w-]/g, '_')}.jsonl`);
  return { output: stem.replace(/^requests/, 'output'), errors: stem.replace(/^requests/, 'errors') };
}

/** Paths of the output and error files fetched so far, sorted. */
export function fetchedResults(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => /^(?:output|errors)-.*\.jsonl$/.test(name));
  return names.sort().map((name) => join(folder, name));
}

function readChecked<Schema extends z.ZodType>(file: string, schema: Schema): z.output<Schema> {
  const source = { file, firstLine: 1, text: readFileSync(file, 'utf8') };
  return checkValue(schema, parseJson(source), source);
}
