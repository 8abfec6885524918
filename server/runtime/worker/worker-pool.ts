import { DuetError } from '../../errors.js';
import type { ModelCapabilities } from '../capabilities.js';
import type { ContextOptions, DuetContext, DuetModel } from '../model.js';
import type { ModelWorker, WorkerEvents } from './model-worker.js';

/**
 * A model on several workers. A context goes to the worker with the fewest contexts and stays there, where
 * its memory is. Workers start on demand; one that crashes loses its contexts and is replaced when the next
 * context is opened.
 */
export class WorkerPool implements DuetModel {
  readonly capabilities: ModelCapabilities;
  readonly #start: StartWorker;
  readonly #places: Place[];
  #closing: Promise<void> | null = null;

  constructor(capabilities: ModelCapabilities, size: number, start: StartWorker) {
    this.capabilities = capabilities;
    this.#start = start;
    this.#places = Array.from({ length: size }, () => ({ worker: null, contexts: 0 }));
  }

  /** Starts the first `count` workers ahead of time. Throws what loading throws. */
  async preload(count: number, signal?: AbortSignal): Promise<void> {
    const places = [...this.#places.entries()].slice(0, count);
    await Promise.all(places.map(([index, place]) => this.#workerAt(index, place, signal)));
  }

  async measure(text: string): Promise<number> {
    if (this.#closing !== null) throw closed();
    // Any worker will do; a running one answers between two of its model calls.
    const index = Math.max(
      0,
      this.#places.findIndex(({ worker }) => worker !== null),
    );
    const place = this.#places[index];
    if (place === undefined) throw closed();
    return (await this.#workerAt(index, place)).measure(text);
  }

  async openContext(options: ContextOptions, signal?: AbortSignal): Promise<DuetContext> {
    if (this.#closing !== null) throw closed();
    const [index, place] = this.#leastLoaded();
    place.contexts++;
    let released = false;
    const release = () => {
      if (!released) place.contexts--;
      released = true;
    };
    try {
      // Loading is shared: aborting one context must not cancel it for the others.
      const worker = await this.#workerAt(index, place);
      return await worker.openContext(options, release, signal);
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Ends running calls, waits for current model calls and stops every worker. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const starting = this.#places.flatMap((place) => place.worker ?? []);
    const started = await Promise.allSettled(starting);
    const workers = started.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
    await Promise.all(workers.map((worker) => worker[Symbol.asyncDispose]()));
  }

  #workerAt(index: number, place: Place, signal?: AbortSignal): Promise<ModelWorker> {
    place.worker ??= this.#startAt(index, place, signal);
    return place.worker;
  }

  #startAt(index: number, place: Place, signal?: AbortSignal): Promise<ModelWorker> {
    const vacate = () => {
      // A new place, so that closing lost contexts does not change the next worker's count.
      if (this.#places[index] === place) this.#places[index] = { worker: null, contexts: 0 };
    };
    const worker = this.#start(vacate, signal);
    worker.catch(vacate);
    return worker;
  }

  /** The place with the fewest contexts, preferring one that already has a worker. */
  #leastLoaded(): readonly [number, Place] {
    const [best] = [...this.#places.entries()].sort(
      ([, a], [, b]) => a.contexts - b.contexts || Number(a.worker === null) - Number(b.worker === null),
    );
    if (best === undefined) throw closed();
    return best;
  }
}

/** Starts a worker that has the model loaded. */
type StartWorker = (onCrash: WorkerEvents['onCrash'], signal?: AbortSignal) => Promise<ModelWorker>;

/** A place for a worker: empty until it is needed, and again after a crash. */
interface Place {
  worker: Promise<ModelWorker> | null;
  /** Contexts opened and not yet closed. */
  contexts: number;
}

function closed(): DuetError {
  return new DuetError('model_failed', 'the model was closed; load it again');
}
