import { DuetError } from '../../errors.js';
import type { ModelCapabilities } from '../capabilities.js';
import type { ContextOptions, DuetContext, DuetModel, ModelLoad } from '../model.js';
import type { ContextHome } from './context-proxy.js';
import { FrameCost } from './frame-cost.js';
import type { ModelWorker, OnCrash } from './model-worker.js';
import type { ReaderThread } from './reader-thread.js';
import { WorkerLoad } from './worker-load.js';

/**
 * A model on several workers. A context goes to the worker that is asked for, or to the one with the least to
 * do, and stays there, where its memory is. Workers start on demand; one that crashes loses its contexts and
 * is replaced when the next context is opened.
 */
export class WorkerPool implements DuetModel {
  readonly capabilities: ModelCapabilities;
  /** Owned by the pool. */
  readonly reader: ReaderThread | undefined;
  readonly #start: StartWorker;
  readonly #places: Place[];
  readonly #cost = new FrameCost();
  #closing: Promise<void> | null = null;

  constructor(capabilities: ModelCapabilities, size: number, start: StartWorker, reader?: ReaderThread) {
    this.capabilities = capabilities;
    this.reader = reader;
    this.#start = start;
    this.#places = Array.from({ length: size }, () => this.#vacant());
  }

  get load(): ModelLoad {
    const { frameMs, encoded: encodedPictures } = this.#cost;
    const workers = this.#places.map(({ load: { contexts, realtime, fast } }) => {
      return { contexts, realtime, fast };
    });
    return { frameMs, encodedPictures, workers };
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
    const [index, place] = this.#placeAt(options.worker) ?? this.#leastLoaded();
    const home = this.#homeAt(index, place);
    try {
      // Loading is shared: aborting one context must not cancel it for the others.
      const worker = await this.#workerAt(index, place);
      return await worker.openContext(options, home, signal);
    } catch (error) {
      home.onClose();
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
    const parts = this.reader === undefined ? workers : [this.reader, ...workers];
    await Promise.all(parts.map((part) => part[Symbol.asyncDispose]()));
  }

  #workerAt(index: number, place: Place, signal?: AbortSignal): Promise<ModelWorker> {
    place.worker ??= this.#startAt(index, place, signal);
    return place.worker;
  }

  #startAt(index: number, place: Place, signal?: AbortSignal): Promise<ModelWorker> {
    const vacate = () => {
      // A new place, so that closing lost contexts does not change the next worker's load.
      if (this.#places[index] === place) this.#places[index] = this.#vacant();
    };
    const worker = this.#start(vacate, signal);
    worker.catch(vacate);
    return worker;
  }

  #homeAt(worker: number, { load }: Place): ContextHome {
    const context = load.open();
    return {
      worker,
      onClose: () => {
        load.close(context);
      },
      onWork: (work) => {
        load.add(context, work);
        this.#cost.add(work);
      },
    };
  }

  #vacant(): Place {
    return { worker: null, load: new WorkerLoad(() => performance.now()) };
  }

  #placeAt(worker: number | undefined): readonly [number, Place] | null {
    const place = worker === undefined ? undefined : this.#places[worker];
    return worker === undefined || place === undefined ? null : [worker, place];
  }

  /** The place with the least to do for its contexts, preferring one that already has a worker. */
  #leastLoaded(): readonly [number, Place] {
    const nominal = Math.max(leastShare, (this.capabilities.fps.madeFor * (this.#cost.frameMs ?? 0)) / 1000);
    const places = [...this.#places.entries()].map(([index, place]) => {
      return { index, place, expected: place.load.expected(nominal) };
    });
    const [best] = places.sort(
      (a, b) => a.expected - b.expected || Number(a.place.worker === null) - Number(b.place.worker === null),
    );
    if (best === undefined) throw closed();
    return [best.index, best.place];
  }
}

/** Starts a worker that has the model loaded. */
type StartWorker = (onCrash: OnCrash, signal?: AbortSignal) => Promise<ModelWorker>;

/** A place for a worker: empty until it is needed, and again after a crash. */
interface Place {
  worker: Promise<ModelWorker> | null;
  readonly load: WorkerLoad;
}

/** Share of a worker that a context counts for at least, so that idle ones are spread too. */
const leastShare = 0.01;

function closed(): DuetError {
  return new DuetError('model_failed', 'the model was closed; load it again');
}
