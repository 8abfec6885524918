import { availableParallelism } from 'node:os';
import { DuetError } from '../errors.js';
import { capabilitiesOf } from './folder/capabilities-of.js';
import type { Verification } from './folder/file-check.js';
import { readModelFolder } from './folder/model-folder.js';
import type { DuetModel } from './model.js';
import { ModelWorker } from './worker/model-worker.js';
import { WorkerPool } from './worker/worker-pool.js';

/**
 * Checks and loads the model in `folder` on worker threads. Throws 'model_failed' naming what is missing,
 * altered or refused, 'unsupported' for a tokenizer of another kind, 'cancelled' when `signal` aborts.
 * Dispose the model before the process exits: leaving by `process.exit` in the middle of a model call aborts
 * the process.
 */
export async function loadModel(folder: string, options: LoadOptions = {}): Promise<DuetModel> {
  const workers = requireCount('workers', options.workers ?? availableParallelism());
  const threads = requireCount('threadsPerWorker', options.threadsPerWorker ?? 1);
  const { path, manifest } = await readModelFolder(folder, options.verification, options.signal);
  const onWarning = onceEach(options.onWarning ?? warn);
  const start = { path, manifest, threads, provider: options.provider ?? 'cpu' };
  const pool = new WorkerPool(capabilitiesOf(manifest), workers, (onCrash, signal) =>
    ModelWorker.start(start, { onWarning, onCrash }, signal),
  );
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
  /** Worker threads; each loads the model for itself. Default: one for each CPU. */
  readonly workers?: number;
  /**
   * Threads that one model call may use. Default: 1, which makes the most of the CPUs when every worker is
   * busy.
   */
  readonly threadsPerWorker?: number;
  /** Workers loaded before this resolves; the others are loaded when contexts need them. Default: `first`. */
  readonly preload?: 'first' | 'all';
  /**
   * Execution provider of ONNX Runtime. Default: `cpu`. Where it is missing, the model runs on the CPU with a
   * warning.
   */
  readonly provider?: string;
  /** How closely the files are compared with the manifest first. Default: `hashes`. */
  readonly verification?: Verification;
  /** Told of what went otherwise than asked. Default: a Node.js process warning. */
  readonly onWarning?: (message: string) => void;
  readonly signal?: AbortSignal;
}

function requireCount(name: string, value: number): number {
  if (Number.isInteger(value) && value >= 1) return value;
  throw new DuetError('invalid_request', `${name} is ${value}; it must be a whole number from 1`);
}

function warn(message: string): void {
  process.emitWarning(message);
}

/** Tells each message once, because every graph of every worker meets the same trouble. */
function onceEach(tell: (message: string) => void): (message: string) => void {
  const told = new Set<string>();
  return (message) => {
    if (!told.has(message)) tell(message);
    told.add(message);
  };
}
