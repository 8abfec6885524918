import { availableParallelism } from 'node:os';
import { DuetError } from '../errors.js';
import type { ModelCapabilities } from './capabilities.js';
import { capabilitiesOf } from './folder/capabilities-of.js';
import type { Verification } from './folder/file-check.js';
import { readModelFolder } from './folder/model-folder.js';
import type { DuetModel } from './model.js';
import { promptedCapabilities, type PromptedFolder } from './prompted/prompted-folder.js';
import { trackerCapabilities } from './tracker/tracker-capabilities.js';
import type { Voice, WorkerStart } from './worker/messages.js';
import { ModelWorker, type OnCrash } from './worker/model-worker.js';
import { ReaderThread } from './worker/reader-thread.js';
import { WorkerPool } from './worker/worker-pool.js';

/**
 * Checks and loads the model in `folder` on worker threads. Throws 'model_failed' naming what is missing,
 * altered or refused, 'unsupported' for another kind of tokenizer, 'cancelled' when `signal` aborts. Dispose
 * of the model before the process exits: `process.exit` during a model call crashes the process.
 */
export async function loadModel(folder: string, options: LoadOptions = {}): Promise<DuetModel> {
  const { path, manifest } = await readModelFolder(folder, options.verification, options.signal);
  const { voice = 'decoder' } = options;
  const capabilities = voice === 'tracker' ? trackerCapabilities(manifest) : capabilitiesOf(manifest);
  return startWorkers(capabilities, { path, manifest, voice }, options);
}

/**
 * Loads a model that was exported for transformers.js, as {@link loadModel} does; its files have no
 * checksums.
 */
export function loadPrompted(folder: PromptedFolder, options: LoadOptions = {}): Promise<DuetModel> {
  const { path, manifest } = folder;
  return startWorkers(
    promptedCapabilities(folder),
    { path, manifest, voice: 'decoder', prompted: folder },
    options,
  );
}

async function startWorkers(
  capabilities: ModelCapabilities,
  loaded: Omit<WorkerStart, 'threads'>,
  options: LoadOptions,
): Promise<DuetModel> {
  const workers = requireCount('workers', options.workers ?? availableParallelism());
  const threads = requireCount('threadsPerWorker', options.threadsPerWorker ?? 1);
  const start = { ...loaded, threads };
  const begin = (onCrash: OnCrash, signal?: AbortSignal): Promise<ModelWorker> =>
    ModelWorker.start(start, onCrash, signal);
  const reader = loaded.manifest.reader === undefined ? undefined : new ReaderThread({ threads });
  const pool = new WorkerPool(capabilities, workers, begin, reader);
  try {
    await pool.preload(options.preload === 'all' ? workers : 1, options.signal);
  } catch (error) {
    await pool[Symbol.asyncDispose]();
    throw error;
  }
  return pool;
}

/** How a model is loaded. */
export interface LoadOptions {
  /** What speaks. Default: the folder's decoder. */
  readonly voice?: Voice;
  /** Worker threads; each loads its own copy of the model. Default: one per CPU. */
  readonly workers?: number;
  /** Threads one model call may use. Default: 1, which is most efficient when every worker is busy. */
  readonly threadsPerWorker?: number;
  /** Workers to load before resolving; the others are loaded on demand. Default: `first`. */
  readonly preload?: 'first' | 'all';
  /** How thoroughly to check the files against the manifest first. Default: `hashes`. */
  readonly verification?: Verification;
  readonly signal?: AbortSignal;
}

function requireCount(name: string, value: number): number {
  if (Number.isInteger(value) && value >= 1) return value;
  throw new DuetError('invalid_request', `${name} is ${value}; it must be a whole number from 1`);
}
