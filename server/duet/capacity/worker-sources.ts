import type { DuetModel } from '../../runtime/model.js';
import { RollingQuantiles } from './rolling-quantiles.js';

/** The sources in real time that each worker of each model serves, and how long their frames wait. */
export class WorkerSources {
  readonly #now: () => number;
  readonly #models = new Map<DuetModel, Map<number, OneWorker>>();

  /** `now` gives monotonic milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** A worker, by its index; null for the one of a model without workers. */
  of({ model, worker }: WorkerPlace): OneWorker {
    const workers = this.know(model);
    const index = worker ?? -1;
    const known = workers.get(index);
    if (known !== undefined) return known;
    const made = { sources: new Set<BookedSource>(), waited: new RollingQuantiles(windowMs, this.#now) };
    workers.set(index, made);
    return made;
  }

  /** The workers of a model, which is known from now on. */
  know(model: DuetModel): Map<number, OneWorker> {
    const workers = this.#models.get(model) ?? new Map<number, OneWorker>();
    this.#models.set(model, workers);
    return workers;
  }

  /** Every source, with its model. */
  get all(): readonly { readonly source: BookedSource; readonly model: DuetModel }[] {
    return [...this.#models].flatMap(([model, workers]) =>
      [...workers.values()].flatMap(({ sources }) => [...sources].map((source) => ({ source, model }))),
    );
  }

  /** The models that are known. */
  get models(): readonly DuetModel[] {
    return [...this.#models.keys()];
  }
}

/** Where a session's frames are scored. */
export interface WorkerPlace {
  readonly model: DuetModel;
  readonly worker: number | null;
}

/** A source in real time that a session wants to watch. */
export interface WantedSource extends WorkerPlace, BookedSource {}

/** How often a source is looked at. */
export interface BookedSource {
  readonly fps: number;
  /** How many contexts of its session score each frame now. */
  readonly contexts: () => number;
}

interface OneWorker {
  readonly sources: Set<BookedSource>;
  /** How long frames have waited for others, in milliseconds. */
  readonly waited: RollingQuantiles;
}

const windowMs = 10_000;
